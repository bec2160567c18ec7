import { type PricingClient, paginateGetProducts } from '@aws-sdk/client-pricing';
import { z } from 'zod';
import type { PriceLookup } from './price-lookups';

/** The content of `prices.json`. */
export interface PriceTable {
  readonly date: string;
  readonly region: string;
  readonly currency: string;
  readonly source: string;
  readonly prices: Readonly<Record<string, { readonly usd: number; readonly unit: string }>>;
}

/** A product of the price list, as far as it is read. The API returns each as a JSON text. */
const productSchema = z.object({
  publicationDate: z.iso.datetime(),
  terms: z.object({
    OnDemand: z
      .record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({ beginRange: z.coerce.number(), pricePerUnit: z.object({ USD: z.coerce.number() }) }),
          ),
        }),
      )
      .default({}),
  }),
});
type Product = z.infer<typeof productSchema>;

/**
 * The table with the prices of the list. Its date is that of the newest list, so the same lists give the same table.
 *
 * @throws Error which names every price that is not found or is ambiguous
 */
export async function refreshedPrices(
  client: PricingClient,
  table: PriceTable,
  lookups: Readonly<Record<string, PriceLookup>>,
): Promise<PriceTable> {
  const problems: string[] = [];
  const dates: string[] = [];
  const prices: Record<string, PriceTable['prices'][string]> = {};
  for (const [name, price] of Object.entries(table.prices)) {
    const found = await lookedUp(client, table.region, lookups[name]);
    const amounts = [...new Set(found.map(firstPaidTier).filter((usd) => usd !== undefined))];
    const [usd, ...others] = amounts;
    if (usd === undefined || others.length > 0) {
      problems.push(
        `${name}: ${usd === undefined ? 'no price' : `${amounts.join(', ')} USD`} for ${inWords(lookups[name])}.`,
      );
      continue;
    }
    dates.push(...found.map(({ publicationDate }) => publicationDate.slice(0, 10)));
    // Beyond twelve digits, a product of decimals has only noise.
    prices[name] = { ...price, usd: Number((usd * (lookups[name]?.per ?? 1)).toPrecision(12)) };
  }
  if (problems.length > 0)
    throw new Error(['No price was changed. Correct lib/evidence/cost/price-lookups.ts:', ...problems].join('\n'));
  const source = 'AWS Price List Query API, on demand, first paid tier';
  return { ...table, date: dates.sort().at(-1) ?? table.date, source, prices };
}

/** The text of `prices.json`, formatted as Prettier does. */
export function priceTableText({ prices, ...about }: PriceTable): string {
  const fields = Object.entries(about).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  const lines = Object.entries(prices).map(
    ([name, { usd, unit }]) => `    ${JSON.stringify(name)}: { "usd": ${usd}, "unit": ${JSON.stringify(unit)} }`,
  );
  return ['{', ...fields, '  "prices": {', lines.join(',\n'), '  }', '}', ''].join('\n');
}

async function lookedUp(client: PricingClient, region: string, lookup: PriceLookup | undefined): Promise<Product[]> {
  if (!lookup) return [];
  // CloudFront's prices depend on the place of viewers, which its usage types name.
  const place: Record<string, string> = lookup.serviceCode === 'AmazonCloudFront' ? {} : { regionCode: region };
  const fields = Object.entries({ ...lookup.attributes, ...place });
  const Filters = fields.map(([Field, Value]) => ({ Type: 'TERM_MATCH' as const, Field, Value }));
  const products: Product[] = [];
  for await (const page of paginateGetProducts({ client }, { ServiceCode: lookup.serviceCode, Filters })) {
    // The SDK leaves the type of these texts open.
    const texts = (page.PriceList ?? []) as readonly string[];
    products.push(...texts.map((text) => productSchema.parse(JSON.parse(text))));
  }
  return products;
}

/** US dollars of the lowest tier that is not free. */
function firstPaidTier({ terms }: Product): number | undefined {
  const tiers = Object.values(terms.OnDemand).flatMap(({ priceDimensions }) => Object.values(priceDimensions));
  const paid = tiers.filter(({ pricePerUnit }) => pricePerUnit.USD > 0);
  return paid.sort((one, other) => one.beginRange - other.beginRange)[0]?.pricePerUnit.USD;
}

function inWords(lookup: PriceLookup | undefined): string {
  if (!lookup) return 'a price without a lookup';
  const attributes = Object.entries(lookup.attributes).map(([field, value]) => `${field} ${value}`);
  return [lookup.serviceCode, ...attributes].join(', ');
}
