import type { Assembly, AssemblyResource } from '../assembly';
import table from './prices.json';

/** A price by its name in `prices.json`. */
export type PriceName = keyof typeof table.prices;

/** What an estimator says about some resources. */
export interface Usage {
  readonly item: string;
  readonly price: PriceName;
  /** Units a month without payments. */
  readonly idle: number;
  /** Units a month at the given rate. @default the same as idle */
  readonly loaded?: number;
  /** Why the quantity is what it is. */
  readonly assumption: string;
}

/** The load for which the second estimate holds. */
export interface Load {
  /** Payments a second, all month. */
  readonly rate: number;
}

/** Estimates the usage of all resources of one type. */
export type Estimator = (resources: readonly AssemblyResource[], load: Load, assembly: Assembly) => readonly Usage[];

/** A resource whose price is not in the table. */
export class MissingPrice extends Error {}

/** The name of a price that depends on a property. @throws MissingPrice when the table lacks it */
export function priceNamed(name: string): PriceName {
  if (!isPrice(name)) throw new MissingPrice(`prices.json has no price ${name}.`);
  return name;
}

const isPrice = (name: string): name is PriceName => Object.hasOwn(table.prices, name);
