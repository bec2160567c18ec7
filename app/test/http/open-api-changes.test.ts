import { expect, test } from 'vitest';
import released from '../../released-openapi.json' with { type: 'json' };
import { breakingChanges } from '../support/breaking-changes.ts';
import { readOpenApi } from '../support/open-api.ts';
import { startPlatform } from '../support/platform.ts';

test('the API breaks no client of its last release (if it must: npm run operations -w app -- --released)', async () => {
  const platform = await startPlatform();
  try {
    const current = await readOpenApi(platform.app);
    expect(breakingChanges(released, current)).toEqual([]);
  } finally {
    await platform.close();
  }
});

type Schema = Record<string, unknown> & { required: string[]; properties: Record<string, Record<string, unknown>> };
interface Document {
  readonly paths: Record<string, Record<string, Record<string, unknown> & { responses: Record<string, unknown> }>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}
const payments = '/api/v1/payments';
const created = `POST ${payments} responses/201/content/application/json/schema`;

/** Applies a change to a copy of the released document. */
function changed(change: (api: { document: Document; payment: Schema; request: Schema }) => unknown): object {
  const document = structuredClone(released) as unknown as Document;
  const { Payment: payment, NewPayment: request } = document.components.schemas;
  if (!payment || !request) throw new Error('The document has no payments.');
  change({ document, payment, request });
  return document;
}
const post = ({ document }: { document: Document }) => document.paths[payments]?.['post'] ?? { responses: {} };

test.each<[string, Parameters<typeof changed>[0], string]>([
  ['a removed operation', ({ document }) => delete document.paths[payments]?.['get'], `remove GET ${payments}`],
  ['another operation id', (api) => (post(api)['operationId'] = 'pay'), `replace POST ${payments} operationId`],
  ['a removed response', (api) => delete post(api).responses['201'], `remove POST ${payments} responses/201`],
  ['another scope', (api) => (post(api)['security'] = [{ apiKey: ['x'] }]), `POST ${payments} security`],
  [
    'a property that a response loses',
    ({ payment }) => delete payment.properties['currency'],
    `remove ${created}/properties/currency`,
  ],
  ['a property that may be missing', ({ payment }) => payment.required.pop(), `remove ${created}/required/`],
  [
    'another type in a response',
    ({ payment }) => (payment.properties['amountMinor'] = { type: 'string' }),
    `replace ${created}/properties/amountMinor/type`,
  ],
  [
    'a property that may be null',
    ({ payment }) => (payment.properties['currency'] = { anyOf: [{ type: 'string' }, { type: 'null' }] }),
    `add ${created}/properties/currency/anyOf/1`,
  ],
  ['a required property of a request', ({ request }) => request.required.push('reference'), 'schema/required/3'],
  [
    'a property that a request loses',
    ({ request }) => delete request.properties['reference'],
    'schema/properties/reference',
  ],
  [
    'a shorter limit',
    ({ request }) => (request.properties['reference'] = { ...request.properties['reference'], maxLength: 9 }),
    'reference/maxLength',
  ],
  [
    'a value that is no longer accepted',
    ({ request }) => (request.properties['capture'] = { enum: ['manual'] }),
    'properties/capture/enum/',
  ],
])('%s breaks clients', (_, change, told) => {
  expect(breakingChanges(released, changed(change)).join('\n')).toContain(told);
});

test.each<[string, Parameters<typeof changed>[0]]>([
  ['a new operation', ({ document }) => (document.paths['/api/v1/news'] = { get: { responses: {} } })],
  ['a new property of a response', ({ payment }) => (payment.properties['fee'] = { type: 'integer' })],
  [
    'a new value in a response',
    ({ payment }) =>
      (payment.properties['status'] = { enum: [...(payment.properties['status']?.['enum'] as string[]), 'expired'] }),
  ],
  ['an optional property of a request', ({ request }) => (request.properties['note'] = { type: 'string' })],
  [
    'a longer limit',
    ({ request }) => (request.properties['reference'] = { ...request.properties['reference'], maxLength: 99 }),
  ],
  ['another description', (api) => (post(api)['summary'] = 'Pay')],
])('%s breaks nobody', (_, change) => {
  const document = changed(change);
  expect(document).not.toEqual(released);
  expect(breakingChanges(released, document)).toEqual([]);
});
