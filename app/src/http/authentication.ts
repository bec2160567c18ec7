import type {} from '@fastify/cookie';
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Caller } from '../db/transaction.ts';
import { Credentials } from '../merchants/credentials.ts';
import { closeSession, openSession, type Principal, type Scope } from '../merchants/merchant-repository.ts';
import { Problem } from '../problems.ts';
import { traced } from '../telemetry/tracing.ts';
import type {} from './trace-requests.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Finds out who makes a request. */
    readonly credentials: Credentials;
    /** The cookie that holds the session of a browser. */
    readonly sessionCookie: string;
  }
  interface FastifyRequest {
    /** Who makes the request; set before any handler that asks for a scope. */
    principal: Principal | null;
  }
}

/** How sessions of browsers behave. */
export interface SessionSettings {
  readonly timeToLiveMinutes: number;
  /** Whether the cookie is sent over HTTPS only; `false` on loopback alone. */
  readonly secureCookie: boolean;
  /** Browsers send a cookie to every port of a host: two platforms on one host need two names. @default 'session' */
  readonly cookieName?: string;
}

/** The name of the cookie that holds the session of a browser. */
const defaultCookieName = 'session';
const maxCredentialLength = 256;

/** Lets every request carry its principal, and every route ask for one. */
export function authenticate(app: FastifyInstance, pool: Pool, { cookieName }: SessionSettings): void {
  app.decorate('sessionCookie', cookieName ?? defaultCookieName);
  app.decorate('credentials', new Credentials(pool));
  app.decorateRequest('principal', null);
}

/** A hook that admits requests of merchants whose key has `scope`, and no others. */
export function requireScope(scope?: Scope): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const principal = await traced(request.span, 'authentication', () => identify(request));
    if (!principal) throw new Problem('unauthenticated', 'Send an API key as a bearer token, or sign in.');
    if (scope && !principal.scopes.includes(scope)) {
      throw new Problem('insufficient-scope', `This operation requires the scope ${scope}.`);
    }
    request.principal = principal;
  };
}

/** The principal of an admitted request. */
export function principalOf({ principal }: FastifyRequest): Principal {
  if (!principal) throw new Error('The request is not authenticated. Add requireScope to the route.');
  return principal;
}

/** For whom an admitted request is handled. */
export function callerOf(request: FastifyRequest): Caller {
  return { merchantId: principalOf(request).merchantId, correlationId: request.id, span: request.span };
}

async function identify(request: FastifyRequest): Promise<Principal | undefined> {
  const { credentials, sessionCookie } = request.server;
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const key = /^Bearer ([\w-]+)$/i.exec(authorization)?.[1];
    return key !== undefined && key.length <= maxCredentialLength ? credentials.ofKey(key) : undefined;
  }
  const token = request.cookies[sessionCookie];
  return token !== undefined && token.length <= maxCredentialLength ? credentials.ofSession(token) : undefined;
}

/** Exchanges an API key for a session of a browser. */
export async function signIn(
  pool: Pool,
  settings: SessionSettings,
  apiKey: string,
  reply: FastifyReply,
): Promise<Principal> {
  const principal = apiKey.length <= maxCredentialLength ? await reply.server.credentials.ofKey(apiKey) : undefined;
  if (!principal) throw new Problem('unauthenticated', 'The API key is invalid.');
  const token = randomBytes(32).toString('base64url');
  const expiresAt = await openSession(pool, token, principal.apiKeyId, settings.timeToLiveMinutes);
  const { sessionCookie } = reply.server;
  void reply.setCookie(sessionCookie, token, { ...cookieOptions(settings), maxAge: settings.timeToLiveMinutes * 60 });
  return { ...principal, expiresAt };
}

/** Ends the session of a browser. */
export async function signOut(
  pool: Pool,
  settings: SessionSettings,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { sessionCookie } = reply.server;
  const token = request.cookies[sessionCookie];
  if (token !== undefined) await closeSession(pool, token);
  void reply.clearCookie(sessionCookie, cookieOptions(settings));
}

/** Unreadable for scripts, and never sent along by another site. */
function cookieOptions({ secureCookie }: SessionSettings) {
  return { path: '/api', httpOnly: true, sameSite: 'strict', secure: secureCookie } as const;
}
