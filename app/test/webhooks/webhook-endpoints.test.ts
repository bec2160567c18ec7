import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWebhooks } from '../../src/webhooks/create-webhooks.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { startWebhooks } from '../../src/webhooks/webhook-loops.ts';
import { eventually } from '../support/eventually.ts';
import { newMerchant, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';
import { type CreatedEndpoint, deliveriesOf, newEndpoint, shownEndpoint } from '../support/webhooks/endpoints.ts';
import type { DeliveryView } from '../../src/webhooks/delivery-list-repository.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const url = 'https://shop.example/hooks';
const send = (method: 'PUT' | 'DELETE', path: string, payload?: object, headers = {}) =>
  platform.send({ method, url: `/api/v1/webhook-endpoints${path}`, headers, ...(payload && { payload }) });
/** A merchant of a test, because each may have 16 endpoints. */
async function merchant() {
  const { apiKey, merchantId } = await newMerchant(platform.database, randomUUID());
  return { merchantId, headers: { authorization: `Bearer ${apiKey}` } };
}

describe('an endpoint', () => {
  test('is created, changed, listed and deleted, and its merchant sees the secret once', async () => {
    const { merchantId, headers } = await merchant();
    const { secret, ...created } = await newEndpoint(platform, url, { description: 'Shop' }, headers);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(created).toMatchObject({
      url,
      description: 'Shop',
      failingSince: null,
      disabledAt: null,
      disabledReason: null,
    });
    expect((await platform.get('/webhook-endpoints', headers)).json()).toEqual({ items: [created], nextCursor: null });
    const changed = { url: 'https://shop.example/other', eventTypes: ['payment.captured'] };
    const answer = await send('PUT', `/${created.id}`, changed, headers);
    expect(answer.json()).toEqual({ ...created, ...changed, description: null });
    expect((await platform.get(`/webhook-endpoints/${created.id}`, headers)).json()).toEqual(answer.json());
    expect((await send('DELETE', `/${created.id}`, undefined, headers)).statusCode).toBe(204);
    expectProblem(await platform.get(`/webhook-endpoints/${created.id}`, headers), 404, 'not-found');
    expect((await platform.get('/webhook-endpoints', headers)).json()).toEqual({ items: [], nextCursor: null });
    const { rows } = await platform.database.superuser.query<{ acts: string[]; told: string }>(
      `SELECT array_agg(action ORDER BY created_at) AS acts, string_agg(a::text, '') AS told
       FROM payments.audit_entries a WHERE merchant_id = $1`,
      [merchantId],
    );
    expect(rows[0]?.acts).toEqual(['created', 'changed', 'deleted'].map((act) => `webhook-endpoint.${act}`));
    expect([rows[0]?.told, ...platform.log].join()).not.toContain(secret.slice(6));
  });

  test('is enabled, disabled and rolled with an audit entry each, and nothing changes twice', async () => {
    const { merchantId, headers } = await merchant();
    const { id, secret } = await newEndpoint(platform, url, {}, headers);
    for (const act of ['disable', 'disable', 'enable', 'enable'])
      expect((await platform.post(`/webhook-endpoints/${id}/${act}`, {}, headers)).statusCode).toBe(200);
    const rolled = await platform.post(`/webhook-endpoints/${id}/roll`, {}, headers);
    expect(rolled.json<CreatedEndpoint>().secret).not.toBe(secret);
    const { rows } = await platform.database.superuser.query<{ action: string }>(
      'SELECT action FROM payments.audit_entries WHERE merchant_id = $1 ORDER BY created_at',
      [merchantId],
    );
    expect(rows.map(({ action }) => action).slice(1)).toEqual([
      'webhook-endpoint.disabled',
      'webhook-endpoint.enabled',
      'webhook-secret.rolled',
    ]);
  });

  test('must have an allowed URL and known event types', async () => {
    const create = (body: object) =>
      platform.post('/webhook-endpoints', { url, eventTypes: ['payment.captured'], ...body });
    const problem = expectProblem(await create({ url: 'https://169.254.169.254/' }), 400, 'validation-failed');
    expect(problem.errors).toEqual([
      { pointer: '/url', detail: 'The address 169.254.169.254 of 169.254.169.254 is not public.' },
    ]);
    for (const body of [
      { url: 'no URL' },
      { eventTypes: [] },
      { eventTypes: ['payment.forgotten'] },
      { description: '' },
    ])
      expectProblem(await create(body), 400, 'validation-failed');
    const { id } = await newEndpoint(platform, url);
    const change = await send('PUT', `/${id}`, { url: 'http://shop.example/', eventTypes: ['payment.captured'] });
    expectProblem(change, 400, 'validation-failed');
  });

  test('keeps its URL as a parser writes it', async () => {
    const { url: kept, id } = await newEndpoint(platform, 'https://Shop.Example:443/hooks');
    expect(kept).toBe('https://shop.example/hooks');
    await send('DELETE', `/${id}`);
  });

  test('is one of at most 16', async () => {
    const { headers } = await merchant();
    for (let count = 0; count < 16; count += 1) await newEndpoint(platform, url, {}, headers);
    const body = { url, eventTypes: ['payment.captured'] };
    expectProblem(await platform.post('/webhook-endpoints', body, headers), 409, 'webhook-endpoint-limit');
  });

  test('does not exist for another merchant', async () => {
    const { headers } = await merchant();
    const { id, secret: _, ...rest } = await newEndpoint(platform, url);
    await platform.post(`/webhook-endpoints/${id}/test`, {});
    const [delivery] = await deliveriesOf(platform, id);
    const of = `/webhook-endpoints/${id}/deliveries/${delivery?.id ?? ''}`;
    const body = { url, eventTypes: ['payment.captured'] };
    const period = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
    const answers = [
      await platform.get(`/webhook-endpoints/${id}`, headers),
      await send('PUT', `/${id}`, body, headers),
      await send('DELETE', `/${id}`, undefined, headers),
      ...(await Promise.all(
        ['enable', 'disable', 'roll', 'test'].map((act) =>
          platform.post(`/webhook-endpoints/${id}/${act}`, {}, headers),
        ),
      )),
      await platform.get(`/webhook-endpoints/${id}/deliveries`, headers),
      await platform.get(`${of}/attempts`, headers),
      await platform.post(`${of}/resend`, {}, headers),
      await platform.post(`/webhook-endpoints/${id}/resend`, period, headers),
    ];
    for (const answer of answers) expectProblem(answer, 404, 'not-found');
    expect(await shownEndpoint(platform, id)).toEqual({ id, ...rest });
    // An own endpoint does not open the delivery of another one.
    const own = await newEndpoint(platform, url);
    const attempts = await platform.get(`/webhook-endpoints/${own.id}/deliveries/${delivery?.id ?? ''}/attempts`);
    expectProblem(attempts, 404, 'not-found');
  });
});

describe('deliveries', () => {
  test('are listed newest first, by page and status', async () => {
    const { id } = await newEndpoint(platform, url);
    for (let count = 0; count < 3; count += 1) await platform.post(`/webhook-endpoints/${id}/test`, {});
    const all = await deliveriesOf(platform, id);
    const path = `/webhook-endpoints/${id}/deliveries`;
    const first = (await platform.get(`${path}?limit=2`)).json<{ items: DeliveryView[]; nextCursor: string }>();
    const second = (await platform.get(`${path}?limit=2&cursor=${first.nextCursor}`)).json<{ items: DeliveryView[] }>();
    expect([...first.items, ...second.items]).toEqual(all);
    expect((await platform.get(`${path}?status=parked`)).json()).toEqual({ items: [], nextCursor: null });
    expect((await platform.get(`${path}?status=pending`)).json<{ items: unknown[] }>().items).toHaveLength(3);
  });

  test('of a period are sent again only if they are no more than 10,000', async () => {
    const { id } = await newEndpoint(platform, url);
    await platform.database.superuser.query(
      `INSERT INTO payments.webhook_deliveries (merchant_id, endpoint_id, event_id, event_type, payload, occurred_at, correlation_id)
       SELECT $1, $2, gen_random_uuid(), 'webhook.test', '{}', now(), 'correlation' FROM generate_series(1, 10001)`,
      [platform.merchantId, id],
    );
    const period = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
    expectProblem(await platform.post(`/webhook-endpoints/${id}/resend`, period), 400, 'validation-failed');
    const empty = { from: '2000-01-01T00:00:00Z', to: '2000-01-02T00:00:00Z' };
    expect((await platform.post(`/webhook-endpoints/${id}/resend`, empty)).json()).toEqual({ resent: 0 });
    await send('DELETE', `/${id}`);
  });
});

test('an environment without a key says that it has no webhooks', async () => {
  expect(await createWebhooks(undefined)).toBeUndefined();
  const without = await startPlatform({ webhooks: false });
  const problem = expectProblem(await without.get('/webhook-endpoints'), 404, 'not-found');
  expect(problem.detail).toBe('Webhooks are not available in this environment.');
  await without.close();
});

describe('a secret box', () => {
  const box = new SecretBox('k'.repeat(32), 'webhook signing secrets');

  test('opens what it has sealed, each time differently, for the same owner', () => {
    const [one, other] = [box.seal('me', 'secret'), box.seal('me', 'secret')];
    expect(one.equals(other)).toBe(false);
    expect([one, other].map((sealed) => box.open('me', sealed))).toEqual(['secret', 'secret']);
    expect(one.toString('latin1')).not.toContain('secret');
  });

  test('opens nothing for another owner, with another key, or after a change', () => {
    const sealed = box.seal('me', 'secret');
    expect(() => box.open('you', sealed)).toThrow();
    expect(() => new SecretBox('l'.repeat(32), 'webhook signing secrets').open('me', sealed)).toThrow();
    for (const place of [0, 12, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(() => box.open('me', changed)).toThrow();
    }
  });

  test('refuses a short key', () => {
    expect(() => new SecretBox('short', 'webhook signing secrets')).toThrow(
      'The webhook key has 5 characters; it needs 32 or more.',
    );
  });
});

describe('the loops', () => {
  test('measure how late webhooks are, and remove what is older than 30 days', async () => {
    const { merchantId, headers } = await merchant();
    const { id } = await newEndpoint(platform, 'https://shop.invalid/', {}, headers);
    const old = await newEndpoint(platform, url, {}, headers);
    for (const each of [id, old.id]) await platform.post(`/webhook-endpoints/${each}/test`, {}, headers);
    await send('DELETE', `/${old.id}`, undefined, headers);
    const { superuser, api } = platform.database;
    await superuser.query(
      `UPDATE payments.webhook_endpoints SET healthy_since = now() - interval '3 minutes' WHERE id = $1`,
      [id],
    );
    await superuser.query(
      `UPDATE payments.webhook_deliveries SET next_attempt_at = now() - interval '2 minutes' WHERE endpoint_id = $1`,
      [id],
    );
    const lag = async () =>
      (await api.query<{ seconds: number }>('SELECT payments.webhook_lag_seconds() AS seconds')).rows[0]?.seconds;
    expect(await lag()).toBeGreaterThan(119);
    await superuser.query(`UPDATE payments.webhook_endpoints SET failing_since = now() WHERE merchant_id = $1`, [
      merchantId,
    ]);
    await superuser.query(
      `UPDATE payments.webhook_endpoints SET disabled_at = now(), disabled_reason = 'requested' WHERE merchant_id <> $1`,
      [merchantId],
    );
    expect(await lag()).toBe(0);
    await superuser.query(
      `UPDATE payments.webhook_endpoints SET deleted_at = now() - interval '31 days' WHERE id = $1`,
      [old.id],
    );
    await superuser.query(
      `UPDATE payments.webhook_deliveries SET changed_at = now() - interval '31 days' WHERE endpoint_id = $1`,
      [old.id],
    );
    const lags: number[] = [];
    const metrics = { webhookLag: (seconds: number) => lags.push(seconds), webhookParked: () => undefined };
    const loops = startWebhooks({ pool: api, webhooks: platform.webhooks, metrics, logger: platform.logger });
    await eventually('the old endpoint is removed and the lag measured', async () => {
      const { rowCount } = await superuser.query('SELECT FROM payments.webhook_endpoints WHERE id = $1', [old.id]);
      return rowCount === 0 && lags.length > 0;
    });
    await Promise.all(loops.map((loop) => loop.stop()));
    const { rows } = await superuser.query<{ id: string }>(
      'SELECT DISTINCT endpoint_id AS id FROM payments.webhook_deliveries WHERE merchant_id = $1',
      [merchantId],
    );
    expect(rows).toEqual([{ id }]);
  });

  test('log a failure and continue', async () => {
    const broken = {
      query: () => Promise.reject(new Error('connection lost')),
    } as unknown as typeof platform.database.api;
    const metrics = { webhookLag: () => undefined, webhookParked: () => undefined };
    const loops = startWebhooks({ pool: broken, webhooks: platform.webhooks, metrics, logger: platform.logger });
    await eventually('each loop has failed', () =>
      ['webhook lag could not be measured; retrying', 'old webhooks were not removed; retrying'].every((line) =>
        platform.log.some((each) => each.includes(line)),
      ),
    );
    await Promise.all(loops.map((loop) => loop.stop()));
  });
});
