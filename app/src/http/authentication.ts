import type {} from '@fastify/cookie';
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Caller } from '../db/transaction.ts';
import { Credentials } from '../merchants/credentials.ts';
import { closeSession, openSession, type Principal } from '../merchants/merchant-repository.ts';
import type { Scope } from '../merchants/roles.ts';
import { Problem } from '../problems.ts';
import { withChildSpan } from '../telemetry/tracing.ts';
import type {} from './trace-requests.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Looks up API keys and sessions. */
    readonly credentials: Credentials;
    /** The name of the session cookie. */
    readonly sessionCookie: string;
  }
  interface FastifyRequest {
    /** The authenticated merchant. `requireScope` sets it before the handler runs. */
    principal: Principal | null;
    /** The id of the operator's key. `requireOperator` sets it before the handler runs. */
    operatorKeyId: string | null;
  }
}

/** The settings of console sessions. */
export interface SessionSettings {
  readonly timeToLiveMinutes: number;
  /** The attribute `Secure` of the cookie. `false` on loopback only. */
  readonly secureCookie: boolean;
  /** Browsers ignore the port of a cookie, so two platforms on one host need different names. @default 'session' */
  readonly cookieName?: string;
}

const defaultCookieName = 'session';
const maxCredentialLength = 256;

/** An `onRequest` hook that authenticates a request. */
export interface Admission {
  (request: FastifyRequest): Promise<void>;
  /** Who is admitted: a merchant with the scope, any merchant, or operators. The OpenAPI document reports it. */
  readonly admits: Scope | 'merchants' | 'operators';
}

/** Adds the decorators that {@link requireScope} uses. */
export function authenticate(app: FastifyInstance, pool: Pool, { cookieName }: SessionSettings): void {
  app.decorate('sessionCookie', cookieName ?? defaultCookieName);
  app.decorate('credentials', new Credentials(pool));
  app.decorateRequest('principal', null);
  app.decorateRequest('operatorKeyId', null);
}

/**
 * Returns an `onRequest` hook that authenticates the request and checks its scope.
 *
 * @throws Problem `unauthenticated` or `insufficient-scope`
 */
export function requireScope(scope?: Scope): Admission {
  const admit = async (request: FastifyRequest) => {
    const principal = await withChildSpan(request.span, 'authentication', () => identify(request));
    if (!principal) throw new Problem('unauthenticated', 'Send an API key as a bearer token, or sign in.');
    if (scope && !principal.scopes.includes(scope)) {
      throw new Problem('insufficient-scope', `This operation requires the scope ${scope}.`);
    }
    request.principal = principal;
  };
  return Object.assign(admit, { admits: scope ?? 'merchants' } as const);
}

/**
 * Returns an `onRequest` hook that admits operators only. A merchant's key or session is no operator's, whatever its scopes.
 *
 * @throws Problem `unauthenticated`
 */
export function requireOperator(): Admission {
  const admit = async (request: FastifyRequest) => {
    const key = bearerOf(request);
    const operator = key === undefined ? undefined : await request.server.credentials.findOperator(key);
    if (operator === undefined) throw new Problem('unauthenticated', 'Send the key of an operator as a bearer token.');
    request.operatorKeyId = operator;
  };
  return Object.assign(admit, { admits: 'operators' } as const);
}

/** Returns the authenticated merchant of a request. @throws when the route has no {@link requireScope} hook */
export function principalOf({ principal }: FastifyRequest): Principal {
  if (!principal) throw new Error('The request is not authenticated. Add requireScope to the route.');
  return principal;
}

/** Returns merchant, correlation id and span of an authenticated request. */
export function callerOf(request: FastifyRequest): Caller {
  return { merchantId: principalOf(request).merchantId, correlationId: request.id, span: request.span };
}

async function identify(request: FastifyRequest): Promise<Principal | undefined> {
  const { credentials, sessionCookie } = request.server;
  if (request.headers.authorization !== undefined) {
    const key = bearerOf(request);
    return key === undefined ? undefined : credentials.findByApiKey(key);
  }
  const token = request.cookies[sessionCookie];
  return token !== undefined && token.length <= maxCredentialLength ? credentials.findBySession(token) : undefined;
}

/** Returns the bearer token of a request; `undefined` if there is none that could be a key. */
function bearerOf({ headers }: FastifyRequest): string | undefined {
  const key = /^Bearer ([\w-]+)$/i.exec(headers.authorization ?? '')?.[1];
  return key !== undefined && key.length <= maxCredentialLength ? key : undefined;
}

/** Creates a session for an API key and sets the cookie. @throws Problem `unauthenticated` for an invalid key */
export async function signIn(
  pool: Pool,
  settings: SessionSettings,
  apiKey: string,
  reply: FastifyReply,
): Promise<Principal> {
  const principal =
    apiKey.length <= maxCredentialLength ? await reply.server.credentials.findByApiKey(apiKey) : undefined;
  if (principal?.holder.kind !== 'key') throw new Problem('unauthenticated', 'The API key is invalid.');
  const token = newSessionToken();
  const expiresAt = await openSession(pool, token, principal.holder.id, settings.timeToLiveMinutes);
  setSessionCookie(settings, reply, token, settings.timeToLiveMinutes);
  return { ...principal, expiresAt };
}

/** The secret of a session. The database stores its digest. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Sets the cookie of a session. */
export function setSessionCookie(settings: SessionSettings, reply: FastifyReply, token: string, minutes: number): void {
  void reply.setCookie(reply.server.sessionCookie, token, { ...cookieOptions(settings), maxAge: minutes * 60 });
}

/** Ends the session and clears the cookie. */
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

function cookieOptions({ secureCookie }: SessionSettings) {
  return { path: '/api', httpOnly: true, sameSite: 'strict', secure: secureCookie } as const;
}
