import { generateKeyPairSync, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Configuration, default as Provider } from 'oidc-provider';
import { digest } from '../../merchants/merchant-repository.ts';
import { callbackPath } from '../../sign-in/create-sign-in.ts';
import { loadProvider } from './load-provider.ts';
import { MemoryStore } from './memory-store.ts';
import { personOf } from './persons.ts';
import { signInPage } from './sign-in-page.ts';

/** The client of the local provider: the console. */
export const localClientId = 'console';

/** Options of {@link startIdentityServer}. */
export interface IdentityServerOptions {
  /** Of the console, such as `http://localhost:8080`. */
  readonly consoleOrigin: string;
  readonly clientSecret: string;
  /** One for all persons. Without it, every user of this machine could sign in. */
  readonly password: string;
  /** The merchant of all persons. */
  readonly merchantId: string;
}

/** A running OpenID Connect provider. */
export interface IdentityServer {
  readonly issuer: string;
  readonly provider: Provider;
  /** Signs its ID tokens. */
  readonly signingKey: KeyObject;
  stop(): Promise<void>;
}

const longestForm = 4096;

/**
 * Starts an OpenID Connect provider with the three persons of the local platform on a free loopback port. It keeps everything in memory:
 * a restart forgets who has signed in.
 */
export async function startIdentityServer(options: IdentityServerOptions): Promise<IdentityServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  // Another host than that of the console, so that browsers treat the two as different sites, as in a deployment.
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey: signingKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const LocalProvider = await loadProvider();
  const provider = new LocalProvider(issuer, configurationOf(options, port, signingKey));
  let protocol: ReturnType<Provider['callback']> | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/interaction/')) await interact(provider, options, request, response);
    // Built by the first request, so that a test can add middleware.
    else await (protocol ??= provider.callback())(request, response);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain' });
      response.end('This sign-in has ended. Start again from the console.');
    });
  });
  return {
    issuer,
    provider,
    signingKey,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function configurationOf(options: IdentityServerOptions, port: number, signingKey: KeyObject): Configuration {
  const { consoleOrigin, clientSecret, merchantId } = options;
  return {
    adapter: MemoryStore,
    clients: [
      {
        client_id: localClientId,
        client_secret: clientSecret,
        redirect_uris: [consoleOrigin + callbackPath],
        post_logout_redirect_uris: [`${consoleOrigin}/sign-in`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...signingKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'local' }] },
    claims: { openid: ['sub', 'role', 'merchant_id'], profile: ['name'] },
    // The ID token has all claims, so the console's API need not ask for them.
    conformIdTokenClaims: false,
    findAccount: (_context, subject) => {
      const person = personOf(subject);
      if (!person) return undefined;
      const { name, role } = person;
      return { accountId: subject, claims: () => ({ sub: subject, name, role, merchant_id: merchantId }) };
    },
    // The console is ours, so nobody is asked for consent.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        ...(oidc.client && { clientId: oidc.client.clientId }),
        ...(oidc.session?.accountId !== undefined && { accountId: oidc.session.accountId }),
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      // Browsers ignore the port of a cookie.
      names: { session: `provider-${port}`, interaction: `interaction-${port}`, resume: `resume-${port}` },
    },
    ttl: { Session: 28_800, Grant: 28_800, Interaction: 600, AuthorizationCode: 60, AccessToken: 60, IdToken: 300 },
  };
}

/** Shows the sign-in page, and ends the interaction when the password is right. */
async function interact(
  provider: Provider,
  { password, consoleOrigin }: IdentityServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Refuses a browser without the cookie of this interaction.
  await provider.interactionDetails(request, response);
  const isAttempt = request.method === 'POST';
  if (isAttempt) {
    const form = new URLSearchParams(await body(request));
    const person = personOf(form.get('subject') ?? '');
    if (person && timingSafeEqual(digest(form.get('password') ?? ''), digest(password))) {
      await provider.interactionFinished(request, response, { login: { accountId: person.subject, remember: false } });
      return;
    }
  }
  response.writeHead(isAttempt ? 403 : 200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // Browsers apply form-action to the redirects after the form, too.
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${consoleOrigin}; frame-ancestors 'none'`,
  });
  response.end(signInPage(isAttempt));
}

async function body(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? longestForm + 1) > longestForm)
    throw new Error('The form is too long.');
  return text(request);
}
