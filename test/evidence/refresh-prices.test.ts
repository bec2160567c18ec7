import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { join } from 'node:path';
import { PricingClient } from '@aws-sdk/client-pricing';
import { priceLookups } from '../../lib/evidence/cost/price-lookups';
import table from '../../lib/evidence/cost/prices.json';
import { type PriceTable, priceTableText, refreshedPrices } from '../../lib/evidence/cost/refresh-prices';

interface Request {
  readonly ServiceCode: string;
  readonly Filters: readonly { readonly Field: string; readonly Value: string; readonly Type: string }[];
  readonly NextToken?: string;
}

/** A product in the form of the price list: attributes, and tiers of a price below random codes. */
function product(
  usagetype: string,
  tiers: readonly (readonly [begin: string, end: string, usd: string])[],
  date = '2026-11-20',
) {
  const sku = 'JRTCKXETXF6WY4DF';
  const priceDimensions = Object.fromEntries(
    tiers.map(([beginRange, endRange, USD], index) => [
      `${sku}.JRTCKXETXF.6YS6EN2CT${index}`,
      { unit: 'Hrs', endRange, beginRange, description: '', rateCode: '', appliesTo: [], pricePerUnit: { USD } },
    ]),
  );
  return JSON.stringify({
    product: { productFamily: 'NAT Gateway', attributes: { usagetype, regionCode: 'us-east-1' }, sku },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: {
        [`${sku}.JRTCKXETXF`]: {
          priceDimensions,
          sku,
          effectiveDate: `${date}T00:00:00Z`,
          offerTermCode: 'JRTCKXETXF',
          termAttributes: {},
        },
      },
    },
    version: '20261120000000',
    publicationDate: `${date}T18:03:59Z`,
  });
}

const small: PriceTable = {
  date: '2026-01-01',
  region: 'us-east-1',
  currency: 'USD',
  source: 'entered manually',
  prices: { 'nat-hour': { usd: 0.04, unit: 'hour' }, 'kms-10k': { usd: 0.02, unit: '10,000 requests' } },
};
const lookups = {
  'nat-hour': { serviceCode: 'AmazonEC2', attributes: { usagetype: 'NatGateway-Hours' } },
  'kms-10k': { serviceCode: 'awskms', attributes: { usagetype: 'us-east-1-KMS-Requests' }, per: 10_000 },
};

/** Pages of each usage type; the API answers with JSON texts in a JSON body. */
let pages: Record<string, string[][]>;
let requests: Request[];
let server: Server;
let client: PricingClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    void json(request).then((body) => {
      const asked = body as Request;
      requests.push(asked);
      const usagetype = asked.Filters.find(({ Field }) => Field === 'usagetype')?.Value ?? '';
      const page = Number(asked.NextToken ?? 0);
      const of = pages[usagetype] ?? [[]];
      const NextToken = page + 1 < of.length ? { NextToken: String(page + 1) } : {};
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ FormatVersion: 'aws_v1', PriceList: of[page] ?? [], ...NextToken }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new PricingClient({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials });
});
afterAll(() => {
  client.destroy();
  server.close();
});
beforeEach(() => {
  requests = [];
  pages = {
    'NatGateway-Hours': [[product('NatGateway-Hours', [['0', 'Inf', '0.0450000000']])]],
    'us-east-1-KMS-Requests': [
      [
        product(
          'us-east-1-KMS-Requests',
          [
            ['20000', 'Inf', '0.0000030000'],
            ['0', '20000', '0.0000000000'],
          ],
          '2026-11-21',
        ),
      ],
    ],
  };
});

test('takes the first paid tier, in the unit of the table, and the date of the newest list', async () => {
  expect(await refreshedPrices(client, small, lookups)).toEqual({
    date: '2026-11-21',
    region: 'us-east-1',
    currency: 'USD',
    source: 'AWS Price List Query API, on demand, first paid tier',
    prices: { 'nat-hour': { usd: 0.045, unit: 'hour' }, 'kms-10k': { usd: 0.03, unit: '10,000 requests' } },
  });
  expect(requests[0]).toMatchObject({
    ServiceCode: 'AmazonEC2',
    Filters: [
      { Type: 'TERM_MATCH', Field: 'usagetype', Value: 'NatGateway-Hours' },
      { Type: 'TERM_MATCH', Field: 'regionCode', Value: 'us-east-1' },
    ],
  });
});

test('reads all pages, whose products may repeat a price', async () => {
  const hours = product('NatGateway-Hours', [['0', 'Inf', '0.0450000000']]);
  pages['NatGateway-Hours'] = [[hours], [hours], [product('NatGateway-Hours', [['0', 'Inf', '0.0000000000']])]];
  expect((await refreshedPrices(client, small, lookups)).prices['nat-hour']?.usd).toBe(0.045);
  expect(requests).toHaveLength(4);
});

test('names a price that the list does not have, and one with several amounts', async () => {
  pages['NatGateway-Hours'] = [
    [
      product('NatGateway-Hours', [['0', 'Inf', '0.0450000000']]),
      product('NatGateway-Hours', [['0', 'Inf', '0.0600000000']]),
    ],
  ];
  pages['us-east-1-KMS-Requests'] = [[]];
  await expect(refreshedPrices(client, small, lookups)).rejects.toThrow(
    [
      'No price was changed. Correct lib/evidence/cost/price-lookups.ts:',
      'nat-hour: 0.045, 0.06 USD for AmazonEC2, usagetype NatGateway-Hours.',
      'kms-10k: no price for awskms, usagetype us-east-1-KMS-Requests.',
    ].join('\n'),
  );
});

test('names a price without a lookup', async () => {
  await expect(refreshedPrices(client, small, { 'nat-hour': lookups['nat-hour'] })).rejects.toThrow(
    'kms-10k: no price for a price without a lookup.',
  );
});

test('asks for CloudFront’s prices by the place of viewers', async () => {
  const prices = { 'cloudfront-gb': { usd: 1, unit: 'GB' } };
  pages['US-DataTransfer-Out-Bytes'] = [[product('US-DataTransfer-Out-Bytes', [['0', '10240', '0.085']])]];
  await refreshedPrices(client, { ...small, prices }, priceLookups);
  expect(requests[0]?.Filters.map(({ Field }) => Field)).toEqual(['usagetype']);
});

test('writes the file as it is formatted', () => {
  expect(priceTableText(table)).toBe(readFileSync(join(__dirname, '../../lib/evidence/cost/prices.json'), 'utf8'));
});
