import type { Assembly } from '../assembly';
import { isClusterMember, property } from '../property-access';
import { byCodeUnit } from '../sort';
import { type Estimator, type Load, MissingPrice } from './cost-line';
import { freeTypes } from './free-types';
import table from './prices.json';
import { runningEstimators } from './running-cost';
import { usageEstimators } from './usage-cost';

/** One line of an estimate. Amounts are US dollars a month. */
export interface CostLine {
  readonly type: string;
  readonly item: string;
  readonly unit: string;
  readonly unitPrice: number;
  readonly idleQuantity: number;
  readonly loadedQuantity: number;
  readonly idle: number;
  readonly loaded: number;
  readonly assumption: string;
}

/** A setting that would at least halve a line. */
export interface CostAdvice {
  readonly item: string;
  readonly setting: string;
  /** US dollars a month without payments. */
  readonly saving: number;
  readonly price: string;
}

/** The monthly cost of an assembly. */
export interface CostEstimate {
  readonly date: string;
  readonly region: string;
  readonly source: string;
  /** Payments a second of the loaded estimate. */
  readonly rate: number;
  readonly idle: number;
  readonly loaded: number;
  /** The biggest first. */
  readonly lines: readonly CostLine[];
  /** Types and properties without a price. They cost something that no line has. */
  readonly unpriced: readonly string[];
  readonly advice: readonly CostAdvice[];
}

const estimators: Readonly<Record<string, Estimator>> = { ...runningEstimators, ...usageEstimators };

/** Estimates the monthly cost, without payments and at a rate. */
export function costOf(assembly: Assembly, load: Load): CostEstimate {
  const unpriced: string[] = [];
  const lines = assembly.types
    .flatMap((type) => {
      const estimator = estimators[type];
      if (!estimator) {
        // A custom resource costs what its function costs, which has a line.
        if (!freeTypes.has(type) && !type.startsWith('Custom::')) unpriced.push(type);
        return [];
      }
      try {
        return linesOf(type, estimator, load, assembly);
      } catch (error) {
        if (!(error instanceof MissingPrice)) throw error;
        unpriced.push(`${type}: ${error.message}`);
        return [];
      }
    })
    .sort(byCodeUnit(({ type, item }) => `${item} ${type}`))
    .sort((left, right) => right.loaded - left.loaded);
  const sum = (key: 'idle' | 'loaded') => cents(lines.reduce((total, line) => total + line[key], 0));
  const { date, region, source } = table;
  return {
    date,
    region,
    source,
    rate: load.rate,
    idle: sum('idle'),
    loaded: sum('loaded'),
    lines,
    unpriced,
    advice: adviceFor(assembly, lines),
  };
}

function linesOf(type: string, estimator: Estimator, load: Load, assembly: Assembly): CostLine[] {
  return estimator(assembly.ofType(type), load, assembly).map(({ item, price, idle, loaded = idle, assumption }) => {
    const { usd, unit } = table.prices[price];
    return {
      type,
      item,
      unit,
      unitPrice: usd,
      idleQuantity: cents(idle),
      loadedQuantity: cents(loaded),
      idle: cents(idle * usd),
      loaded: cents(loaded * usd),
      assumption,
    };
  });
}

/** Rounds to hundredths, so that sums are the same on every machine. */
const cents = (amount: number): number => Math.round(amount * 100) / 100;

function adviceFor(assembly: Assembly, lines: readonly CostLine[]): CostAdvice[] {
  const idleOf = (item: string) =>
    lines.filter((line) => line.item === item).reduce((total, { idle }) => total + idle, 0);
  const gateways = assembly.ofType('AWS::EC2::NatGateway').length;
  const tasks = Math.max(
    0,
    ...assembly
      .ofType('AWS::ApplicationAutoScaling::ScalableTarget')
      .map((target) => Number(property(target, 'MinCapacity'))),
  );
  const instances = assembly.ofType('AWS::RDS::DBInstance').filter(isClusterMember).length;
  const reduced = (item: string, from: number, to: number) => cents(idleOf(item) * (1 - to / from));
  const fargate = cents(reduced('Fargate processors', tasks, 1) + reduced('Fargate memory', tasks, 1));
  const all: (CostAdvice & { readonly applies: boolean })[] = [
    {
      applies: gateways >= 2,
      item: 'NAT gateways',
      setting: 'network.egress.count: 1',
      saving: reduced('NAT gateways', gateways, 1),
      price: 'The acquirer is unreachable while the zone of the gateway fails.',
    },
    {
      applies: tasks >= 2,
      item: 'Fargate',
      setting: 'service.minTasks: 1',
      saving: fargate,
      price: 'Requests fail while the only task is replaced.',
    },
    {
      applies: instances >= 3,
      item: 'Database instances',
      setting: 'database.readerCount: 1',
      saving: reduced('Database instances', instances, 2),
      price: 'One zone less has a copy that can take over.',
    },
    {
      applies: idleOf('Interface endpoints') > 0 && gateways > 0,
      item: 'Interface endpoints',
      setting: 'network.privateEndpoints: false',
      saving: idleOf('Interface endpoints'),
      price: 'Tasks reach AWS services through NAT gateways, by the internet’s addresses.',
    },
  ];
  return all
    .filter(({ applies, item, saving }) => applies && (item === 'Fargate' || saving >= idleOf(item) / 2))
    .map(({ applies: _, ...advice }) => advice)
    .sort((left, right) => right.saving - left.saving);
}
