import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AcquirerResponse, AcquirerTimeoutError } from '../../src/acquirer/acquirer.ts';
import { StripeNotices } from '../../src/acquirer/stripe/stripe-notices.ts';
import type { PresignedRequest } from '../../src/documents/document-store.ts';
import { expireAuthorizations } from '../../src/payments/expiry.ts';
import { described } from '../support/documents.ts';
import { newOperatorKey } from '../support/operator.ts';
import { expectProblem } from '../support/problem.ts';
import { dispatchAll, dispatcherOf, newEndpoint } from '../support/webhooks/endpoints.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhooks/receiver-process.ts';
import { answerJudge, operationsOf, readOpenApi, webhooksOf } from '../support/open-api.ts';
import { exampleRecorder } from '../support/recorded-examples.ts';
import {
  changedAcquirer,
  newPayment,
  type PaymentBody,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';

const signingSecret = 'whsec_of_these_tests';
/** The acquirer's response to all but authorizations. */
let mood: 'approves' | 'declines' | 'is silent' = 'approves';
function answer(): Promise<AcquirerResponse> {
  if (mood === 'is silent') return Promise.reject(new AcquirerTimeoutError('this operation'));
  if (mood === 'declines') return Promise.resolve({ outcome: 'declined', declineCode: 'account_closed' });
  return Promise.resolve({ outcome: 'approved', acquirerId: 'test' });
}

let platform: TestPlatform;
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
  platform = await startPlatform({
    acquirer: (simulator) => changedAcquirer(simulator, { capture: answer, void: answer, refund: answer }),
    notices: new StripeNotices(() => Promise.resolve([signingSecret])),
  });
});
afterAll(async () => {
  await receiver.stop();
  await platform.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Issues, rolls, revokes and lists keys. */
async function administer(
  send: (method: Method, path: string, options: InjectOptions) => Promise<LightMyRequestResponse>,
  path: string,
  options: InjectOptions,
): Promise<void> {
  const issued = await send('POST', path, { ...options, payload: { name: 'Server', scopes: ['payments:read'] } });
  const { id } = issued.json<{ id: string }>();
  for (const act of ['roll', 'revoke']) await send('POST', `${path}/${id}/${act}`, { ...options, payload: {} });
  await send('GET', path, options);
}

/** Creates a webhook endpoint and performs every operation on it. */
async function administerWebhooks(
  send: (method: Method, path: string, options?: InjectOptions) => Promise<LightMyRequestResponse>,
): Promise<void> {
  const payload = { url: 'https://shop.example/webhooks', eventTypes: ['payment.captured'] };
  const created = await send('POST', '/webhook-endpoints', { payload });
  const path = `/webhook-endpoints/${created.json<{ id: string }>().id}`;
  const tested = await send('POST', `${path}/test`, { payload: {} });
  const delivery = `${path}/deliveries/${tested.json<{ id: string }>().id}`;
  for (const act of ['roll', 'disable', 'enable']) await send('POST', `${path}/${act}`, { payload: {} });
  await dispatchAll(dispatcherOf(platform));
  await send('POST', `${delivery}/resend`, { payload: {} });
  await send('POST', `${path}/resend`, { payload: { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' } });
  await send('PUT', path, { payload });
  for (const read of ['/webhook-endpoints', path, `${path}/deliveries`, `${delivery}/attempts`])
    await send('GET', read);
  await send('DELETE', path);
}

test('every response of every route and every webhook matches the OpenAPI document, whose examples they are', async () => {
  const openApi = await readOpenApi(platform.app);
  const { seen, check, checkWebhook } = answerJudge(openApi);
  const { id: endpointId } = await newEndpoint(platform, `${receiver.url}/accept`);
  const examples = exampleRecorder();
  const send = async (method: Method, path: string, options: InjectOptions = {}) => {
    const url = `/api/v1${path}`;
    const response = await platform.send({ method, url, ...options });
    examples.record(check(method, url, response), options, response);
    return response;
  };
  const post = (path: string, payload: object = {}) => send('POST', path, { payload });
  const pay = async (body: object = {}) => (await post('/payments', { ...newPayment, ...body })).json<PaymentBody>().id;

  await pay({ capture: 'manual', reference: 'order-1042', description: 'Two books' });
  await pay({ paymentToken: 'tok_timeout' });
  await pay({ paymentToken: 'tok_decline_stolen_card', reference: 'order 7', description: 'Two books' });
  for (mood of ['approves', 'declines', 'is silent'] as const) {
    await post(`/payments/${await pay()}/void`);
    await post(`/payments/${await pay()}/capture`);
    await post(`/payments/${await pay({ capture: 'automatic' })}/refunds`, { amountMinor: 100, reason: 'Late' });
  }
  mood = 'approves';
  await pay({ paymentToken: 'tok_challenge', returnUrl: 'https://shop.example/orders/1042' });
  await pay({ capture: 'manual' });
  await platform.database.superuser.query(
    `UPDATE payments.authorizations SET authorized_at = now() - interval '8 days'`,
  );
  await expireAuthorizations({ ...platform, pool: platform.database.api, authorizationDays: 7 });
  const id = await pay({ capture: 'automatic' });
  await post(`/payments/${id}/refunds`, { amountMinor: 0 });
  await post(`/payments/${id}/void`);
  await platform.consumeEvents();
  const registered = await post(`/payments/${id}/documents`, described('proof'));
  const { document, upload } = registered.json<{ document: { id: string }; upload: PresignedRequest }>();
  const pages = ['', '?limit=1', `/${document.id}`];
  for (const path of pages) await send('GET', `/payments/${id}/documents${path}`);
  expect((await platform.documents.make(upload, 'proof')).statusCode).toBe(200);
  for (const path of pages) await send('GET', `/payments/${id}/documents${path}`);
  for (const path of ['', '?limit=1', `/${id}`, `/${id}/events`, `/${id}/entries`])
    await send('GET', `/payments${path}`);
  for (const path of ['/ledger/entries', '/ledger/balances', '/summary/daily', '/summary/declines', '/session'])
    await send('GET', path);
  for (const path of ['/refunds', '/refunds?limit=1']) await send('GET', path);
  for (const report of ['payments', 'refunds', 'ledger-entries'].flatMap((name) => [`${name}.csv`, `${name}.ndjson`]))
    await send('GET', `/reports/${report}?from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z`);
  const event = {
    id: 'evt_1',
    object: 'event',
    type: 'payment_intent.succeeded',
    data: { object: { id: 'pi_1', object: 'payment_intent', status: 'succeeded', metadata: { reference: id } } },
  };
  const signed = { payload: JSON.stringify(event), secret: signingSecret };
  await send('POST', '/acquirer-events/stripe', {
    payload: event,
    headers: { 'stripe-signature': Stripe.webhooks.generateTestHeaderString(signed) },
  });
  await administer(send, '/api-keys', {});
  await platform.post(`/webhook-endpoints/${endpointId}/test`, {});
  await dispatchAll(dispatcherOf(platform));
  for (const webhook of await receiver.received('/accept')) examples.recordWebhook(checkWebhook(webhook), webhook.body);
  await platform.send({ method: 'DELETE', url: `/api/v1/webhook-endpoints/${endpointId}` });
  await administerWebhooks(send);
  const authorization = `Bearer ${await newOperatorKey(platform.database)}`;
  const operator = { headers: { authorization } };
  const created = await send('POST', '/admin/merchants', { ...operator, payload: { name: 'Shop' } });
  const merchant = `/admin/merchants/${created.json<{ id: string }>().id}`;
  await administer(send, `${merchant}/api-keys`, operator);
  await send('PUT', `${merchant}/client-certificate`, { ...operator, payload: { subject: 'CN=shop' } });
  await send('DELETE', `${merchant}/client-certificate`, operator);
  for (const act of ['suspend', 'reactivate']) await send('POST', `${merchant}/${act}`, { ...operator, payload: {} });
  for (const path of ['/admin/merchants', '/admin/audit-entries']) await send('GET', path, operator);
  await post('/session', { apiKey: platform.apiKey });
  await send('DELETE', '/session');
  await send('DELETE', '/session', { headers: { 'idempotency-key': '4111111111111111' } });
  for (const { path, name } of operationsOf(openApi)) {
    const method = name.split(' ')[0] as Method;
    // Signing out needs no valid session.
    if (name === 'DELETE /api/v1/session') continue;
    const address = path
      .replace('/api/v1', '')
      .replace('{documentId}', document.id)
      .replaceAll(/\{\w+\}/g, id);
    await send(method, address, {
      headers: { authorization: 'Bearer wrong' },
      ...(['POST', 'PUT'].includes(method) && { payload: {} }),
    });
  }

  const possible = operationsOf(openApi).flatMap(({ name, responses }) =>
    Object.keys(responses).map((code) => `${name} ${code}`),
  );
  expect(possible.filter((each) => !each.endsWith('5XX') && !seen.has(each))).toEqual([]);
  expect(webhooksOf(openApi).filter(({ name }) => !seen.has(name))).toEqual([]);
  // `npx vitest run test/http/open-api-answers.test.ts -u` renews the file.
  await expect(examples.text()).toMatchFileSnapshot('../../examples.json');
});

test.each([
  ['capture', 'capture', 'manual', 'authorized'],
  ['void', 'void', 'manual', 'authorized'],
  ['refund', 'refunds', 'automatic', 'captured'],
])('a declined %s is a problem, changes nothing, and can be repeated', async (operation, path, capture, status) => {
  const payment = await platform.pay({ capture });
  const ask = (key: string) =>
    platform.post(`/payments/${payment.id}/${path}`, {}, { 'idempotency-key': `${payment.id}-${key}` });
  mood = 'declines';
  const declined = await ask('first');
  const problem = expectProblem(declined, 402, `${operation}-declined`);
  expect(problem).toMatchObject({ declineCode: 'account_closed', payment: { id: payment.id, status } });
  expect(problem.detail).toContain('account_closed');
  const { items } = (await platform.get(`/payments/${payment.id}/events`)).json<{ items: unknown[] }>();
  expect(items.at(-1)).toMatchObject({ type: `${operation}.declined`, amountMinor: 1000, detail: 'account_closed' });

  mood = 'approves';
  const replayed = await ask('first');
  expect(replayed.headers['idempotent-replayed']).toBe('true');
  const { correlationId } = expectProblem(replayed, 402, `${operation}-declined`);
  expect(replayed.json()).toEqual({ ...problem, correlationId });
  expect((await ask('second')).statusCode).toBeLessThan(300);
});
