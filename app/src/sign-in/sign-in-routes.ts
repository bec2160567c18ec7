import type {} from '@fastify/cookie';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Type } from 'typebox';
import { newSessionToken, type SessionSettings, setSessionCookie } from '../http/authentication.ts';
import { strict } from '../http/schemas.ts';
import { openPersonSession } from '../merchants/merchant-repository.ts';
import { Problem } from '../problems.ts';
import { callbackPath, type SignIn } from './create-sign-in.ts';
import { memberOf } from './person-of-claims.ts';
import { openProgress, sealProgress, signInMinutes } from './sign-in-cookie.ts';
import { SignInRefusal } from './sign-in-refusal.ts';

/** Options of {@link signInRoutes}. */
export interface SignInRoutesOptions {
  readonly pool: Pool;
  /** `undefined`: every route returns 404. */
  readonly signIn: SignIn | undefined;
  readonly settings: SessionSettings;
}

/** A path of the console: no other origin, no address of the API, and nothing that browsers read as another path. */
const consolePath = '^/(?![/\\\\]|api/)[\\x21-\\x5b\\x5d-\\x7e]*$';
const startQuery = Type.Object(
  { return: Type.Optional(Type.String({ maxLength: 512, pattern: consolePath })) },
  strict,
);

/**
 * The pages through which a browser passes while a person signs in or out. They are no part of the API's description, because no client
 * calls them.
 */
export const signInRoutes: FastifyPluginAsyncTypebox<SignInRoutesOptions> = async (app, options) => {
  const { pool, settings } = options;
  const cookie = `${app.sessionCookie}-sign-in`;
  // Lax, because the provider's redirect is a navigation from another site, with which browsers send no Strict cookie.
  const cookieOptions = { path: callbackPath, httpOnly: true, sameSite: 'lax', secure: settings.secureCookie } as const;
  const configured = () => {
    if (!options.signIn) throw new Problem('not-found', 'Persons cannot sign in here. Sign in with an API key.');
    return options.signIn;
  };
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  });

  app.get('/session/sign-in', { schema: { hide: true, querystring: startQuery } }, async (request, reply) => {
    const { provider, box } = configured();
    try {
      const { address, checks } = await provider.begin();
      const sealed = sealProgress(box, { ...checks, returnTo: request.query.return ?? '/' });
      void reply.setCookie(cookie, sealed, { ...cookieOptions, maxAge: signInMinutes * 60 });
      return await reply.redirect(address.href, 303);
    } catch (error) {
      return refuse(error, request, reply);
    }
  });

  app.get('/session/callback', { schema: { hide: true } }, async (request, reply) => {
    const { provider, box, claims, limits } = configured();
    const sealed = request.cookies[cookie];
    // A sign-in is tried once, however it ends.
    void reply.clearCookie(cookie, cookieOptions);
    try {
      const progress = sealed === undefined ? undefined : openProgress(box, sealed);
      if (!progress) throw new SignInRefusal('expired', 'no sign-in is in progress in this browser');
      const { merchantId, person } = memberOf(await provider.finish(queryOf(request), progress), claims);
      const token = newSessionToken();
      if (!(await openPersonSession(pool, token, merchantId, person, limits)))
        throw new SignInRefusal('no-merchant', `the merchant ${merchantId} is unknown or suspended`);
      setSessionCookie(settings, reply, token, limits.maxMinutes);
      const { subject, role } = person;
      request.log.info({ merchantId, subject, role }, 'person signed in');
      return await reply.redirect(progress.returnTo, 303);
    } catch (error) {
      return refuse(error, request, reply);
    }
  });

  // Changes nothing here. The console has ended the session before, so this request has no credential.
  app.get('/session/provider-sign-out', { schema: { hide: true } }, async (request, reply) => {
    const { provider, signedOutAddress } = configured();
    try {
      return await reply.redirect((await provider.signOutAddress(signedOutAddress)) ?? signedOutAddress, 303);
    } catch (error) {
      return refuse(error, request, reply);
    }
  });
};

function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start);
}

/** Shows the reason on the sign-in page: a browser that navigates cannot show a problem. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(error instanceof SignInRefusal)) throw error;
  request.log.warn({ reason: error.reason, detail: error.message }, 'sign-in refused');
  return reply.redirect(`/sign-in?problem=${error.reason}`, 303);
}
