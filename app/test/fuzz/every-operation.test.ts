import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem, type ProblemSlug } from '../../src/problems.ts';
import { described } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { operationsOf, readOpenApi } from '../support/open-api.ts';
import { digest } from '../../src/merchants/merchant-repository.ts';
import { newOperatorKey } from '../support/operator.ts';
import { StripeNotices } from '../../src/acquirer/stripe/stripe-notices.ts';
import { newKey, newMerchant, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem, type ProblemBody } from '../support/problem.ts';
import { newEndpoint } from '../support/webhooks/endpoints.ts';
import { type FuzzedOperation, type Place, nearlyFittingRequest } from './nearly-fitting-request.ts';

/** Another seed generates other requests. A failure reports the seed and the path of the shrunk request. */
const seed = 20_260_701;
const requestsOfEach = 120;
const millisecondsOfEach = 2000;

const administration = '/api/v1/admin/';

let platform: TestPlatform;
let operatorKey: string;
beforeAll(async () => {
  platform = await startPlatform({ notices: new StripeNotices(() => Promise.resolve(['whsec_of_this_test'])) });
  operatorKey = await newOperatorKey(platform.database);
});
afterAll(() => platform.close());

async function fuzzedOperations(): Promise<FuzzedOperation[]> {
  const openApi = await readOpenApi(platform.app);
  type Fields = { readonly properties?: NonNullable<FuzzedOperation['fields']> };
  return operationsOf(openApi).map(({ name, path, parameters = [], requestBody }) => {
    const body = requestBody as { content: Record<string, { schema: Fields & { $ref?: string } }> } | undefined;
    const schema = body?.content['application/json']?.schema;
    const named = schema?.$ref?.replace('#/components/schemas/', '');
    const { properties } = (named === undefined ? schema : (openApi.components.schemas[named] as Fields)) ?? {};
    return {
      method: name.split(' ')[0] as FuzzedOperation['method'],
      path,
      query: parameters.filter((each) => each.in === 'query').map((each) => each.name),
      requiredTimes: parameters.filter((each) => each.in === 'query' && each.required).map((each) => each.name),
      fields: body && (properties ?? {}),
    };
  });
}

/** The number of rows that a rejected request must not change. */
async function booked(): Promise<unknown> {
  const { rows } = await platform.database.superuser.query(
    `SELECT (SELECT count(*) FROM payments.payments) AS payments, (SELECT count(*) FROM payments.refunds) AS refunds,
            (SELECT count(*) FROM payments.postings) AS postings, (SELECT count(*) FROM payments.entries) AS entries,
            (SELECT count(*) FROM payments.payment_events) AS events, (SELECT count(*) FROM payments.outbox) AS outbox,
            (SELECT count(*) FROM payments.documents) AS documents, (SELECT count(*) FROM payments.merchants) AS merchants,
            (SELECT count(*) FROM payments.api_keys) AS keys, (SELECT count(*) FROM payments.audit_entries) AS acts,
            (SELECT count(*) FROM payments.webhook_endpoints) AS endpoints, (SELECT count(*) FROM payments.webhook_deliveries) AS deliveries`,
  );
  return rows[0];
}

/** Internal details: stack frames, file names, SQL and messages of PostgreSQL. */
const inside =
  /\n?\s+at \S+ ?\(|node_modules|\.[cm]?[jt]s:\d|\b(SELECT|INSERT|UPDATE|DELETE)\s|syntax error|invalid input|relation "|\[object /;

function expectRefusal(response: LightMyRequestResponse): void {
  const { type } = response.json<ProblemBody>();
  const slug = type.replace('/problems/', '') as ProblemSlug;
  // The catalogue throws for an unknown slug.
  expectProblem(response, new Problem(slug, '').status, slug);
  expect(response.body + JSON.stringify(response.headers)).not.toMatch(inside);
}

/** Asserts that the log has the status of each rejected request under its correlation id. */
async function expectLogged(refused: readonly LightMyRequestResponse[]): Promise<void> {
  const told = ({ headers, statusCode }: LightMyRequestResponse) =>
    `${String(headers['x-correlation-id'])} ${statusCode}`;
  await eventually('every refusal is logged', () => {
    const logged = new Set(
      platform.log.map((line) => {
        const { correlationId, statusCode } = JSON.parse(line) as { correlationId?: string; statusCode?: number };
        return `${correlationId ?? ''} ${statusCode ?? ''}`;
      }),
    );
    return refused.every((response) => logged.has(told(response)));
  });
}

/** Payments in the right status for a capture, a void and a refund, with a document each; merchants with a key each; endpoints with a delivery. */
async function freshPlaces({ path }: FuzzedOperation): Promise<Place[]> {
  const places: Place[] = [];
  // A merchant has at most 16.
  await platform.database.superuser.query('UPDATE payments.webhook_endpoints SET deleted_at = now()');
  const name = randomUUID();
  for (const capture of ['manual', 'automatic', 'manual', 'automatic']) {
    const { id } = await platform.pay({ capture });
    const registered = await platform.post(`/payments/${id}/documents`, described('proof'));
    const documentId = registered.json<{ document: { id: string } }>().document.id;
    const merchant = await newMerchant(platform.database, `${name} ${places.length}`);
    const owner = path.startsWith(administration) ? merchant.merchantId : platform.merchantId;
    const keyId = await newKeyId(owner);
    const { id: endpointId } = await newEndpoint(platform, 'https://shop.invalid/');
    const tested = await platform.post(`/webhook-endpoints/${endpointId}/test`, {});
    const { id: deliveryId } = tested.json<{ id: string }>();
    places.push({ id, documentId, merchantId: merchant.merchantId, keyId, endpointId, deliveryId });
  }
  return places;
}

/** The operator's key for the operations of operators. The platform adds the merchant's to the others. */
function authorizationFor({ path }: FuzzedOperation): Record<string, string> {
  return path.startsWith(administration) ? { authorization: `Bearer ${operatorKey}` } : {};
}

async function newKeyId(merchantId: string): Promise<string> {
  const key = await newKey(platform.database, merchantId);
  const { rows } = await platform.database.superuser.query<{ id: string }>(
    'SELECT id FROM payments.api_keys WHERE key_hash = $1',
    [digest(key)],
  );
  return rows[0]?.id ?? '';
}

/** Sends requests to an operation, validates each response and returns the statuses. */
async function fuzz(operation: FuzzedOperation): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  const refused: LightMyRequestResponse[] = [];
  const places = await freshPlaces(operation);
  let before = await booked();
  await fc.assert(
    fc.asyncProperty(nearlyFittingRequest(operation, places), async ({ payload, ...request }) => {
      const lines = platform.log.length;
      const options: InjectOptions = {
        ...request,
        headers: { ...authorizationFor(operation), ...request.headers },
        method: operation.method,
        ...(payload !== undefined && { payload }),
      };
      const response = await platform.send(options);
      seen.add(response.statusCode);
      expect(response.statusCode, response.body).toBeLessThan(500);
      expect(String(response.headers['x-correlation-id'])).toMatch(/^[\w-]{8,128}$/);
      const after = await booked();
      if (response.statusCode >= 400) {
        expectRefusal(response);
        refused.push(response);
        expect(after).toEqual(before);
      }
      before = after;
      const alarming = platform.log.slice(lines).filter((line) => (JSON.parse(line) as { level: number }).level >= 50);
      expect(alarming).toEqual([]);
    }),
    { seed, numRuns: requestsOfEach, plugins: [fc.interruptAfterTimeLimit(millisecondsOfEach)] },
  );
  await expectLogged(refused);
  return seen;
}

test('no request causes a server error, and a rejected one books nothing and is logged', async () => {
  for (const operation of await fuzzedOperations()) {
    const name = `${operation.method} ${operation.path}`;
    const statuses = [...(await fuzz(operation))];
    const told = `${name} answered ${statuses.join(', ')}`;
    // Only rejected or only successful requests would find nothing. Neither a key nor a signature is guessed.
    const canSucceed = !['POST /api/v1/session', 'POST /api/v1/acquirer-events/stripe'].includes(name);
    expect(
      statuses.some((status) => status < 300),
      told,
    ).toBe(canSucceed);
    expect(
      statuses.some((status) => status >= 400),
      told,
    ).toBe(true);
  }
  expect((await platform.send({ url: '/ready' })).statusCode).toBe(200);
}, 180_000);
