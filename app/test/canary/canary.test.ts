import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { handler } from '../../src/canary.ts';
import { ensureCanaryKey } from '../../src/merchants/canary-merchant.ts';
import { findPrincipals, digest } from '../../src/merchants/merchant-repository.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { changedAcquirer, startPlatform, type TestPlatform } from '../support/platform.ts';
import { SecretStore } from '../support/secret-store.ts';
import { startUpstream } from '../support/upstream.ts';

const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:canary-key-AbCdEf';
const newKey = () => randomBytes(24).toString('hex');
const store = new SecretStore();
let aws: AwsEndpoint;
let platform: TestPlatform;
let key: string;
/** What the acquirer answers to a refund. */
let refunds: 'approved' | 'declined' = 'approved';

async function storeKey(canaryKey: string): Promise<void> {
  const client = await platform.database.administrator.connect();
  try {
    await ensureCanaryKey(client, canaryKey);
  } finally {
    client.release();
  }
}

const holderOf = async (apiKey: string) =>
  (await findPrincipals(platform.database.api, [{ kind: 'key', digest: digest(apiKey) }]))[0];

beforeAll(async () => {
  aws = await startAwsEndpoint(store.answer);
  platform = await startPlatform({
    acquirer: (simulator) =>
      changedAcquirer(simulator, {
        refund: (request) =>
          refunds === 'approved'
            ? simulator.refund(request)
            : Promise.resolve({ outcome: 'declined', declineCode: 'insufficient_funds' }),
      }),
  });
  await platform.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await platform.close();
  await aws.close();
});
beforeEach(async () => {
  refunds = 'approved';
  key = newKey();
  store.create(secretArn, key);
  await storeKey(key);
  const { port } = platform.app.server.address() as AddressInfo;
  const environment = {
    ...aws.environment,
    ENVIRONMENT_NAME: 'test',
    LOG_LEVEL: 'silent',
    API_URL: `http://127.0.0.1:${port}/api/v1`,
    API_KEY_SECRET_ARN: secretArn,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

const paymentsOfCanary = async () => {
  const { rows } = await platform.database.superuser.query<{ status: string; refunded: number }>(
    `SELECT status, refunded_minor AS refunded FROM payments.payments
     WHERE merchant_id = (SELECT id FROM payments.merchants WHERE name = 'Canary') ORDER BY id`,
  );
  return rows;
};

describe('against the API', () => {
  test('makes a payment of its own merchant and refunds it', async () => {
    const before = (await paymentsOfCanary()).length;
    await handler();
    const made = (await paymentsOfCanary()).slice(before);
    expect(made).toEqual([{ status: 'refunded', refunded: 100 }]);
  });

  test('books nothing that remains', async () => {
    await handler();
    const { rows } = await platform.database.superuser.query<{ entries: string; total: string }>(
      `SELECT count(*) AS entries, sum(amount_minor) AS total FROM payments.entries
       WHERE account = 'merchant_payable' AND merchant_id = (SELECT id FROM payments.merchants WHERE name = 'Canary')`,
    );
    expect(Number(rows[0]?.entries)).toBeGreaterThanOrEqual(2);
    expect(rows[0]?.total).toBe('0');
  });

  test('fails when its key is not valid', async () => {
    store.create(secretArn, newKey());
    await expect(handler()).rejects.toThrow(/POST \/payments \(canary-[0-9a-f-]+\): status 401 instead of 201/);
  });

  test('fails when the refund is declined', async () => {
    refunds = 'declined';
    await expect(handler()).rejects.toThrow(/POST \/payments\/\S+\/refunds \(canary-\S+\): status 402 instead of 201/);
  });
});

describe('its key', () => {
  test('has only the scopes that a synthetic payment needs', async () => {
    expect(await holderOf(key)).toMatchObject({
      merchantName: 'Canary',
      scopes: ['payments:read', 'payments:write', 'refunds:write'],
    });
  });

  test('is stored again without effect, and replaces the one before', async () => {
    await storeKey(key);
    const next = newKey();
    await storeKey(next);
    expect(await holderOf(key)).toBeUndefined();
    expect((await holderOf(next))?.merchantName).toBe('Canary');
  });

  test.each(['short', ''])('is refused when it is %j', async (short) => {
    await expect(storeKey(short)).rejects.toThrow(`The key of the canary has ${short.length} characters`);
  });
});

describe('against another server', () => {
  const answers = async (...responses: readonly (readonly [status: number, body: object])[]) => {
    const queue = [...responses];
    const upstream = await startUpstream((_request, response) => {
      const [status, body] = queue.shift() ?? [500, {}];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    onTestFinished(() => upstream.close());
    vi.stubEnv('API_URL', `${upstream.url}/api/v1`);
    return upstream;
  };
  const captured = { id: 'p1', status: 'captured', capturedAmountMinor: 100 };

  test('names the field of the payment that is wrong', async () => {
    await answers([201, { ...captured, status: 'processing', capturedAmountMinor: 0 }]);
    await expect(handler()).rejects.toThrow(
      'POST /payments, payment p1: status is "processing" instead of "captured", capturedAmountMinor is 0 instead of 100',
    );
  });

  test('notices a refund that the payment does not show', async () => {
    await answers([201, captured], [201, {}], [200, { ...captured, refundedAmountMinor: 0 }]);
    await expect(handler()).rejects.toThrow(
      /GET \/payments\/p1, payment p1: status is "captured" instead of "refunded"/,
    );
  });

  test('does not follow redirects, which would receive the key', async () => {
    const upstream = await startUpstream((_request, response) => response.writeHead(307, { location: '/' }).end());
    onTestFinished(() => upstream.close());
    vi.stubEnv('API_URL', upstream.url);
    await expect(handler()).rejects.toThrow('unexpected redirect');
    expect(upstream.received).toHaveLength(1);
  });

  test('gives up when there is no response in time', async () => {
    const upstream = await startUpstream(() => undefined);
    onTestFinished(() => upstream.close());
    vi.stubEnv('API_URL', upstream.url);
    vi.stubEnv('TIMEOUT_MILLISECONDS', '50');
    await expect(handler()).rejects.toThrow(/POST \/payments .*timeout/);
  });

  test('sends the key of the API Gateway, where there is one', async () => {
    const upstream = await answers(
      [201, captured],
      [201, {}],
      [200, { id: 'p1', status: 'refunded', refundedAmountMinor: 100 }],
    );
    const gateway = await startUpstream((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'k1', value: 'v1' })),
    );
    onTestFinished(() => gateway.close());
    vi.stubEnv('GATEWAY_KEY_ID', 'k1');
    vi.stubEnv('AWS_ENDPOINT_URL_API_GATEWAY', gateway.url);
    await handler();
    expect(gateway.received[0]?.url).toBe('/apikeys/k1?includeValue=true');
    expect(upstream.received.map(({ headers }) => headers['x-api-key'])).toEqual(['v1', 'v1', 'v1']);
  });
});

test('lists every problem of its environment', async () => {
  vi.stubEnv('API_URL', 'pay.example.com');
  vi.stubEnv('API_KEY_SECRET_ARN', '');
  await expect(handler()).rejects.toThrow(
    /2 problem\(s\):\n {2}- API_KEY_SECRET_ARN is missing; set it\n {2}- API_URL = "pay.example.com"; use an address/,
  );
});
