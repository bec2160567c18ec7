import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { type IdentityServer, localClientId, startIdentityServer } from '../../src/local/sign-in/identity-server.ts';
import { createSignIn } from '../../src/sign-in/create-sign-in.ts';
import type { SignInEnvironment } from '../../src/sign-in/sign-in-environment.ts';
import { startPlatform, type TestPlatform } from './platform.ts';

const consoleOrigin = 'http://localhost:8080';
const password = 'the password of all persons';

/** The API together with the provider of the local platform. */
export interface SignInBench {
  readonly platform: TestPlatform;
  readonly identity: IdentityServer;
  close(): Promise<void>;
}

/** Starts both. @param changes to the variables of the API */
export async function startSignInBench(changes: Partial<SignInEnvironment> = {}): Promise<SignInBench> {
  const folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
  const secretFile = join(folder, 'client-secret');
  const clientSecret = randomBytes(32).toString('base64url');
  writeFileSync(secretFile, clientSecret);
  let identity: IdentityServer | undefined;
  const platform = await startPlatform({
    signIn: async (merchantId) => {
      identity = await startIdentityServer({ consoleOrigin, clientSecret, password, merchantId });
      return createSignIn({
        issuer: identity.issuer,
        clientId: localClientId,
        clientSecret: { kind: 'file', path: secretFile },
        redirectBase: consoleOrigin,
        claims: { role: 'role', merchant: 'merchant_id' },
        signOutParameter: 'post_logout_redirect_uri',
        idleMinutes: 15,
        maxMinutes: 480,
        ...changes,
      });
    },
  });
  if (!identity) throw new Error('The provider did not start.');
  const started = identity;
  return {
    platform,
    identity: started,
    async close() {
      await started.stop();
      await platform.close();
      rmSync(folder, { recursive: true });
    },
  };
}

type Jar = Map<string, string>;

/** A browser that signs in: it keeps the cookies of the console and of the provider apart. */
export class Browser {
  readonly #platform: TestPlatform;
  readonly console: Jar = new Map();
  readonly provider: Jar = new Map();

  constructor({ platform }: SignInBench) {
    this.#platform = platform;
  }

  /** Opens a page of the API, without following redirects. */
  async open(path: string): Promise<LightMyRequestResponse> {
    const response = await this.#platform.app.inject({ url: path, headers: { cookie: textOf(this.console) } });
    for (const { name, value, maxAge } of response.cookies) {
      if (maxAge === 0) this.console.delete(name);
      else this.console.set(name, value);
    }
    return response;
  }

  /** Begins a sign-in. Returns the address at the provider. */
  async begin(returnTo?: string): Promise<URL> {
    const query = returnTo === undefined ? '' : `?return=${encodeURIComponent(returnTo)}`;
    return new URL(locationOf(await this.open(`/api/v1/session/sign-in${query}`)));
  }

  /** Signs in at the provider. Returns the address to which it sends the browser. */
  async signInAtProvider(address: URL, subject: string, secret = password): Promise<URL> {
    let [next, form]: [URL, URLSearchParams | undefined] = [address, undefined];
    for (let step = 0; step < 10; step += 1) {
      const response = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: textOf(this.provider) },
        ...(form && { method: 'POST', body: form }),
      });
      form = undefined;
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/);
        this.provider.set(name, value);
      }
      const location = response.headers.get('location');
      if (location !== null) next = new URL(location, next);
      else if (response.status === 200 && next.pathname.startsWith('/interaction/'))
        form = new URLSearchParams({ subject, password: secret });
      else throw new Error(`${next.pathname} answered ${response.status}: ${await response.text()}`);
      if (next.origin === consoleOrigin) return next;
    }
    throw new Error(`The provider redirects to ${next.href} and further.`);
  }

  /** Opens the address to which the provider sends the browser. */
  async comeBack({ pathname, search }: URL): Promise<LightMyRequestResponse> {
    return this.open(pathname + search);
  }

  /** The whole way. Returns the last response of the API. */
  async signIn(role: string, returnTo?: string): Promise<LightMyRequestResponse> {
    return this.comeBack(await this.signInAtProvider(await this.begin(returnTo), `local-${role}`));
  }
}

export function locationOf(response: LightMyRequestResponse): string {
  return String(response.headers['location']);
}

function textOf(jar: Jar): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}
