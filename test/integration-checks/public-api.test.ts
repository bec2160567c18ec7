import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import {
  askDirectly,
  directAnswerProblems,
  paymentProblems,
  readClientCertificate,
  readFirstApiKey,
  readGatewayKey,
  takePayment,
} from '../integration/checks/public-api';
import { StackResources } from '../integration/stack-resources';

const secretsManager = mockClient(SecretsManagerClient);
const servers: Server[] = [];

beforeEach(() => {
  secretsManager.reset();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer({ keepAlive: false }, listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const payment = { status: 'captured', amountMinor: 1050, currency: 'EUR' };

test('creates payments with the key and a new idempotency key each', async () => {
  const asked: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const { href } = await serve(({ url, headers }, response) => {
    asked.push({ url, headers });
    response.writeHead(201, { connection: 'close' }).end(JSON.stringify(payment));
  });
  expect(paymentProblems(await takePayment(href, { apiKey: 'key-1' }))).toEqual([]);
  expect(paymentProblems(await takePayment(href, { apiKey: 'key-1' }))).toEqual([]);
  for (const each of asked) {
    expect(each).toMatchObject({ url: '/api/v1/payments', headers: { authorization: 'Bearer key-1' } });
  }
  expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
});

test('sends the API Gateway key, whose value is read from AWS', async () => {
  const apiGateway = mockClient(APIGatewayClient);
  apiGateway.on(GetApiKeyCommand, { apiKey: 'id-1', includeValue: true }).resolves({ value: 'gateway-key' });
  const gatewayKey = await readGatewayKey(new APIGatewayClient({}), 'id-1');
  let sent: unknown;
  const { href } = await serve(({ headers }, response) => {
    sent = headers['x-api-key'];
    response.writeHead(201, { connection: 'close' }).end(JSON.stringify(payment));
  });
  expect(paymentProblems(await takePayment(href, { apiKey: 'key-1', gatewayKey }))).toEqual([]);
  expect(sent).toBe('gateway-key');
  apiGateway.on(GetApiKeyCommand).resolves({});
  await expect(readGatewayKey(new APIGatewayClient({}), 'id-2')).rejects.toThrow('id-2');
});

test('requires a client certificate for mutual TLS and names its path', () => {
  expect(() => readClientCertificate({})).toThrow('set CLIENT_CERTIFICATE and CLIENT_KEY');
  expect(readClientCertificate({ CLIENT_CERTIFICATE: __filename, CLIENT_KEY: __filename }).cert).toContain(
    'mutual TLS',
  );
});

test('does not send the key to a redirect target', async () => {
  const { href } = await serve((_, response) => {
    response.writeHead(307, { location: '/elsewhere', connection: 'close' }).end();
  });
  await expect(takePayment(href, { apiKey: 'key-1' })).rejects.toThrow();
});

test.each([
  [202, payment, ['a payment was answered with 202, not 201']],
  [201, { ...payment, status: 'declined' }, ['the payment is declined, not captured']],
  [201, { ...payment, amountMinor: 1 }, ['the payment is not about 1050 EUR']],
  [201, { ...payment, currency: 'USD' }, ['the payment is not about 1050 EUR']],
])('checks status %i with %j', (status, body, problems) => {
  expect(paymentProblems({ status, body })).toEqual(problems);
});

test('reports an HTML page instead of a payment', async () => {
  const { href } = await serve((_, response) => {
    response.writeHead(200, { connection: 'close' }).end('<html>');
  });
  expect(paymentProblems(await takePayment(href, { apiKey: 'key-1' }))).toHaveLength(3);
});

test('builds the URL of the load balancer', async () => {
  const url = await serve((_, response) => {
    response.writeHead(403, { connection: 'close' }).end();
  });
  await expect(askDirectly(url)).resolves.toBe(403);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  await expect(askDirectly(url)).resolves.toBe('nothing');
});

test.each([
  [403, false, 0],
  [403, true, 0],
  ['nothing', false, 0],
  ['nothing', true, 1],
  [200, false, 1],
  [404, true, 1],
] as const)('the response %s of a load balancer that is public, %s: %i problems', (answer, admitsEverybody, count) => {
  expect(directAnswerProblems(answer, admitsEverybody)).toHaveLength(count);
});

test('reads the first API key from the compute stack', async () => {
  const client = new SecretsManagerClient({});
  const arn = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:first-api-key-secret-pr123-a1b2c3';
  const compute = new StackResources([
    ['AWS::SecretsManager::Secret', 'arn:other'],
    ['AWS::SecretsManager::Secret', arn],
  ]);
  secretsManager.on(GetSecretValueCommand, { SecretId: arn }).resolvesOnce({ SecretString: 'key-1' }).resolves({});
  await expect(readFirstApiKey(client, compute)).resolves.toBe('key-1');
  await expect(readFirstApiKey(client, compute)).rejects.toThrow('is empty');
  await expect(readFirstApiKey(client, new StackResources([]))).rejects.toThrow('has no secret first-api-key');
});
