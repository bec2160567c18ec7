import { randomUUID } from 'node:crypto';
import { roles } from '../merchants/roles.ts';
import type { LocalPlatform } from './local-platform.ts';

/** The text that `npm start` prints when the platform is ready: URL, API key, password of the persons and a curl command that creates a payment. */
export function welcome(
  { url, apiKey, personPassword }: Pick<LocalPlatform, 'url' | 'apiKey' | 'personPassword'>,
  dataDirectory: string,
): string {
  const payment = JSON.stringify({ amountMinor: 1050, currency: 'EUR', paymentToken: 'tok_approve' });
  const headers = [
    `Authorization: Bearer ${apiKey}`,
    'Content-Type: application/json',
    `Idempotency-Key: ${randomUUID()}`,
  ];
  return [
    `ready ${url}`,
    `API key: ${apiKey}`,
    `Persons of the console (${roles.join(', ')}): password ${personPassword}`,
    `OpenAPI document: ${url}/api/v1/openapi.json`,
    'A payment of 10.50 EUR:',
    `curl -s ${url}/api/v1/payments ${headers.map((header) => `-H '${header}'`).join(' ')} -d '${payment}'`,
    `Another merchant: npm run admin -- --url ${url} merchants create "Shop"`,
    `Ctrl-C stops the platform. Data is in ${dataDirectory}, logs are in ${dataDirectory}/logs.`,
  ].join('\n');
}
