import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isPassingFailure } from '../db/passing-failure.ts';
import { holdsCardNumber } from './card-numbers.ts';
import { bodyLimitBytes } from './body-limit.ts';
import { rememberAddresses } from './known-addresses.ts';
import { Problem, type ProblemDetail, type ProblemSlug } from '../problems.ts';

/** Carries the id under which a request is found in every log. */
export const correlationHeader = 'x-correlation-id';

const bodyLimitDetail = `The body may have at most ${bodyLimitBytes / 1024} KiB.`;

/** What Fastify itself refuses, by its error codes. */
const ofFastify: Readonly<Record<string, [ProblemSlug, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed-json', 'The body cannot be parsed as JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed-json', 'The body is empty.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-json', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload-too-large', bodyLimitDetail],
  FST_UNDER_PRESSURE: ['overloaded', 'Try again in a moment.'],
};

/** Makes every refusal an RFC 9457 problem, and every surprise a logged one that tells nothing. */
export function handleProblems(app: FastifyInstance): void {
  const methodsOf = rememberAddresses(app);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error);
    if (problem.slug === 'internal') request.log.error({ err: error }, 'request failed');
    else if (isPassingFailure(error)) request.log.warn({ err: error }, 'the database failed, and may be back soon');
    return sendProblem(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const allow = methodsOf(pathOf(request));
    const problem =
      allow === undefined
        ? new Problem('not-found', 'There is nothing at this address.')
        : new Problem('method-not-allowed', `This address knows ${allow}.`, { allow });
    return sendProblem(problem, request, reply);
  });
}

/** Refuses an address that the router cannot read or finds too long; it does so before any hook runs, and no other line tells of it. */
export function refuseAddress(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header(correlationHeader, request.id);
  void sendProblem(new Problem('not-found', 'There is nothing at this address.'), request, reply);
  request.log.info({ method: request.method, route: 'unreadable', statusCode: reply.statusCode }, 'request');
}

/** The refusal of a body above {@link bodyLimitBytes}. */
export function payloadTooLarge(): Problem {
  return new Problem('payload-too-large', bodyLimitDetail);
}

/** Sends a problem, with the correlation id that support asks for. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.headers(problem.headers);
  const path = pathOf(request);
  // What is refused for holding a card number must not come back with it.
  const hidden = problem.slug === 'card-number-refused' || holdsCardNumber(path);
  const instance = hidden ? (request.routeOptions.url ?? '/') : path;
  return reply.code(problem.status).type('application/problem+json').send(problem.body(instance, request.id));
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?')[0] ?? '';
}

function toProblem(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (error.validation)
    return new Problem('validation-failed', 'The request does not fit its schema.', { errors: details(error) });
  const known = ofFastify[error.code];
  if (known) {
    const [slug, detail] = known;
    return new Problem(slug, detail, slug === 'overloaded' ? { retryAfterSeconds: 1 } : {});
  }
  if (isPassingFailure(error)) {
    return new Problem('overloaded', 'The database cannot be reached at the moment.', { retryAfterSeconds: 2 });
  }
  // The parser of Node.js and Fastify refuse with a status of their own; what they say may hold what was sent.
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new Problem('validation-failed', 'The request is malformed.');
  return new Problem('internal', 'The failure was logged; quote the correlation id when you ask about it.');
}

/** Where and what, never the value that was found. */
function details({ validation = [], validationContext = 'body' }: FastifyError): ProblemDetail[] {
  return validation.map(({ instancePath, message = 'is not valid', params, keyword }) => {
    const field =
      keyword === 'additionalProperties' || keyword === 'unevaluatedProperties' ? '' : params['missingProperty'];
    const suffix = typeof field === 'string' && field !== '' ? `/${field}` : '';
    return {
      pointer: `${validationContext === 'body' ? '' : `/${validationContext}`}${instancePath}${suffix}`,
      detail: message,
    };
  });
}
