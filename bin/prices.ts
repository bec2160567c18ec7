import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PricingClient } from '@aws-sdk/client-pricing';
import { priceLookups } from '../lib/evidence/cost/price-lookups';
import table from '../lib/evidence/cost/prices.json';
import { priceTableText, refreshedPrices } from '../lib/evidence/cost/refresh-prices';

/*
 * `npm run prices` renews `lib/evidence/cost/prices.json` from AWS's price list. It needs credentials that allow `pricing:GetProducts`.
 *
 * If a price is not found, it names the price and changes nothing.
 */

const file = join(__dirname, '..', 'lib', 'evidence', 'cost', 'prices.json');

async function main(): Promise<void> {
  // The API answers for all regions from a few.
  const renewed = await refreshedPrices(new PricingClient({ region: 'us-east-1' }), table, priceLookups);
  writeFileSync(file, priceTableText(renewed));
  const changed = Object.entries(renewed.prices).filter(
    ([name, { usd }]) => table.prices[name as keyof typeof table.prices].usd !== usd,
  );
  for (const [name, { usd }] of changed)
    console.log(`${name}: ${table.prices[name as keyof typeof table.prices].usd} → ${usd}`);
  console.log(`${changed.length} of ${Object.keys(renewed.prices).length} prices have changed: ${file}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
