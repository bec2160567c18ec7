import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { Browser, locationOf, type SignInBench, startSignInBench } from '../support/identity-provider.ts';

/* ID tokens that the provider would not issue: its token endpoint is changed on the way. */

type Claims = Record<string, unknown>;
type Change = (
  claims: Claims,
  header: Claims,
) => { claims?: Claims; header?: Claims; key?: KeyObject | 'none' | 'keep' };

let bench: SignInBench;
let change: Change | undefined;
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

beforeAll(async () => {
  bench = await startSignInBench();
  bench.identity.provider.use(async (context, next) => {
    await next();
    if (context.path !== '/token' || !change) return;
    const body = context.body as { id_token?: string };
    if (body.id_token !== undefined) body.id_token = changed(body.id_token, change);
  });
});
beforeEach(() => {
  change = undefined;
});
afterAll(() => bench.close());

/** The token with other claims, signed with the provider's key unless the change says otherwise. */
function changed(token: string, by: Change): string {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;
  const result = by(parse(claims), parse(header));
  const text = [result.header ?? parse(header), result.claims ?? parse(claims)]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = result.key ?? bench.identity.signingKey;
  if (key === 'none') return `${text}.`;
  if (key === 'keep') return `${text}.${signature}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

async function outcome(): Promise<string> {
  return locationOf(await new Browser(bench).signIn('viewer'));
}

const now = () => Math.floor(Date.now() / 1000);

test('an unchanged token is accepted, also when it is signed again', async () => {
  expect(await outcome()).toBe('/');
  change = () => ({});
  expect(await outcome()).toBe('/');
});

test.each<[string, Change]>([
  ['another audience', (claims) => ({ claims: { ...claims, aud: 'another-client' } })],
  ['a second audience without an authorized party', (claims) => ({ claims: { ...claims, aud: ['console', 'b'] } })],
  ['another authorized party', (claims) => ({ claims: { ...claims, aud: ['console', 'b'], azp: 'b' } })],
  ['another issuer', (claims) => ({ claims: { ...claims, iss: 'https://evil.example' } })],
  ['another nonce', (claims) => ({ claims: { ...claims, nonce: 'another' } })],
  ['no nonce', ({ nonce: _nonce, ...claims }) => ({ claims })],
  ['no subject', ({ sub: _sub, ...claims }) => ({ claims })],
  ['a subject of 256 characters', (claims) => ({ claims: { ...claims, sub: 's'.repeat(256) } })],
  ['a past expiry', (claims) => ({ claims: { ...claims, exp: now() - 60 } })],
  ['a future start', (claims) => ({ claims: { ...claims, nbf: now() + 60 } })],
  ['an administrator made of the viewer', (claims) => ({ claims: { ...claims, role: 'administrator' }, key: 'keep' })],
  ['the signature of another key', () => ({ key: foreign })],
  ['no signature', (_claims, header) => ({ header: { ...header, alg: 'none' }, key: 'none' })],
  ['an unknown key', (_claims, header) => ({ header: { ...header, kid: 'unknown' } })],
])('a token with %s is refused', async (_what, by) => {
  change = by;
  expect(await outcome()).toBe('/sign-in?problem=failed');
});

test.each<[string, unknown, string]>([
  ['no role', undefined, 'no-role'],
  ['an unknown role', 'owner', 'no-role'],
  ['two roles', ['viewer', 'administrator'], 'no-role'],
  ['a role in another case', 'Viewer', 'no-role'],
  ['an object', { viewer: true }, 'no-role'],
])('a person with %s is refused', async (_what, role, reason) => {
  change = (claims) => ({ claims: { ...claims, role } });
  expect(await outcome()).toBe(`/sign-in?problem=${reason}`);
});

test('a role may be one of the groups of a person', async () => {
  change = (claims) => ({ claims: { ...claims, role: ['staff', 'support'] } });
  expect(await outcome()).toBe('/');
});

test.each<[string, unknown]>([
  ['no merchant', undefined],
  ['a merchant that is no id', `' OR true --`],
  ['two merchants', ['019bc0f1-8e2c-7a3b-9c4d-000000000001', '019bc0f1-8e2c-7a3b-9c4d-000000000002']],
  ['an unknown merchant', '019bc0f1-8e2c-7a3b-9c4d-000000000001'],
])('a person with %s is refused', async (_what, merchant) => {
  change = (claims) => ({ claims: { ...claims, merchant_id: merchant } });
  expect(await outcome()).toBe('/sign-in?problem=no-merchant');
});

test.each<[string, Claims, string]>([
  ['the user name', { name: undefined, preferred_username: 'vera' }, 'vera'],
  ['the address', { name: '', email: 'vera@example.com' }, 'vera@example.com'],
  ['the subject', { name: 7 }, 'local-viewer'],
  ['100 characters without control characters', { name: `a\u0000\u202e${'😀'.repeat(200)}` }, `a${'😀'.repeat(99)}`],
])('the name is %s', async (_what, claims, name) => {
  change = (known) => ({ claims: { ...known, ...claims } });
  const browser = new Browser(bench);
  await browser.signIn('viewer');
  expect((await browser.open('/api/v1/session')).json()).toMatchObject({ person: { name } });
});

test('a provider that is away refuses sign-ins until it is back', async () => {
  const answers: Server = createServer((_request, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => answers.listen(0, '127.0.0.1', resolve));
  const { port } = answers.address() as { port: number };
  const away = await startSignInBench({ issuer: `http://127.0.0.1:${port}` });
  onTestFinished(() => away.close());
  const begin = async () => locationOf(await new Browser(away).open('/api/v1/session/sign-in'));
  expect(await begin()).toBe('/sign-in?problem=unavailable');
  answers.closeAllConnections();
  await new Promise((resolve) => answers.close(resolve));
  expect(await begin()).toBe('/sign-in?problem=unavailable');
  expect((await away.platform.get('/payments')).statusCode).toBe(200);
  const back = createServer((_request, response) => {
    void fetch(`${away.identity.issuer}/.well-known/openid-configuration`).then(async (found) => {
      const metadata = { ...((await found.json()) as object), issuer: `http://127.0.0.1:${port}` };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata));
    });
  });
  await new Promise<void>((resolve) => back.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void back.close());
  expect(await begin()).toMatch(/\/auth\?/);
});
