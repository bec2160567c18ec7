import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { challengePage } from '../acquirer/challenge-page.ts';
import type { ChallengeStore, KnownChallenge } from '../acquirer/challenges.ts';
import { challengePath } from '../acquirer/simulator.ts';
import { strict } from '../http/schemas.ts';
import { Problem } from '../problems.ts';
import { askAbout, type NoticeDependencies } from './acquirer-notice.ts';

/** Options of {@link challengeRoutes}. */
export interface ChallengeRoutesOptions extends NoticeDependencies {
  /** `undefined`: another acquirer decides, and every route returns 404. */
  readonly challenges: ChallengeStore | undefined;
}

const params = Type.Object({ id: Type.String({ pattern: '^[a-z0-9_]{1,64}$' }) }, strict);
const decisionParams = Type.Object({ ...params.properties, act: Type.Enum(['pass', 'fail']) }, strict);
const outcomes = { pass: 'passed', fail: 'failed' } as const;

/**
 * The pages on which a customer passes or fails the challenge of `tok_challenge`. Whoever knows the address of a page may decide, as with a
 * real issuer's page. They are no part of the API's description, because browsers open them.
 */
export const challengeRoutes: FastifyPluginAsyncTypebox<ChallengeRoutesOptions> = async (app, options) => {
  const { challenges } = options;
  const path = challengePath.replace(app.prefix, '');
  const found = (challenge: KnownChallenge | undefined) => {
    if (!challenge) throw new Problem('not-found', 'This challenge does not exist.');
    return challenge;
  };
  // The forms of the page have no fields.
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) => {
    done(null);
  });
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  });

  app.get(`${path}/:id`, { schema: { hide: true, params } }, async (request, reply) => {
    const challenge = found(await challenges?.find(request.params.id));
    return reply.type('text/html; charset=utf-8').send(challengePage(challenge));
  });

  app.post(`${path}/:id/:act`, { schema: { hide: true, params: decisionParams } }, async (request, reply) => {
    const { id, act } = request.params;
    const { reference } = found(await challenges?.decide(id, outcomes[act]));
    // In place of the acquirer's notice. What fails here is left to the recovery.
    const attempt = await askAbout(options, reference, request.id).catch((error: unknown) => {
      request.log.error({ err: error }, 'payment not finished after its challenge; retrying');
    });
    if (attempt !== undefined) request.log.info({ attempt }, 'challenge decided');
    return reply.redirect(`${challengePath}/${id}`, 303);
  });
};
