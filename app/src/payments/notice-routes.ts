import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type NoticeReader, NoticeRefusedError } from '../acquirer/notices.ts';
import { errorResponses } from '../http/schemas.ts';
import { Problem } from '../problems.ts';
import { askAbout, type NoticeDependencies } from './acquirer-notice.ts';

/** Options of {@link noticeRoutes}. */
export interface NoticeRoutesOptions extends NoticeDependencies {
  /** `undefined`: the acquirer sends no notices, and the route returns 404. */
  readonly notices: NoticeReader | undefined;
}

/** A body that only the verification of its signature reads, so that it is neither parsed nor searched before. */
interface SealedBody {
  readonly open: () => Buffer;
}

const signatureSchema = Type.Object({
  'Stripe-Signature': Type.Optional(Type.String({ description: 'The signature by Stripe of time and body' })),
});
const eventSchema = Type.Unsafe<SealedBody>(
  Type.Object(
    {},
    { additionalProperties: true, title: 'AcquirerEvent', description: 'An event as Stripe describes it' },
  ),
);

/**
 * Where the acquirer sends notices. A notice only makes the API ask the acquirer about the operation, so one that is late, repeated or out of
 * order changes nothing. One that cannot be used is answered with success, because the recovery asks, too.
 */
export const noticeRoutes: FastifyPluginAsyncTypebox<NoticeRoutesOptions> = async (app, options) => {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, { open: () => body } satisfies { open: () => string | Buffer });
  });

  app.post(
    '/acquirer-events/stripe',
    {
      config: { problems: ['signature-invalid', 'not-found'] },
      schema: {
        operationId: 'receiveStripeEvent',
        summary: 'Receive an event of Stripe',
        headers: signatureSchema,
        body: eventSchema,
        response: { 204: Type.Null(), ...errorResponses },
      },
    },
    async (request, reply) => {
      if (!options.notices) throw new Problem('not-found', 'Stripe is not the acquirer here.');
      const signature = request.headers['stripe-signature'];
      const reference = await options.notices
        .referenceIn(request.body.open(), typeof signature === 'string' ? signature : '')
        .catch((error: unknown) => {
          if (!(error instanceof NoticeRefusedError)) throw error;
          request.log.warn({ err: error }, 'notice of the acquirer refused');
          throw new Problem(
            'signature-invalid',
            'The Stripe-Signature header is missing, wrong or older than five minutes. Store the signing secret of the endpoint beside the key.',
          );
        });
      if (reference !== undefined) {
        const attempt = await askAbout(options, reference, request.id);
        request.log.info({ operationId: reference, attempt }, 'notice of the acquirer');
      }
      return reply.code(204).send(null);
    },
  );
};
