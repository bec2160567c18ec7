import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isTransientError } from '../db/transient-error.ts';
import { holdsCardNumber } from './card-numbers.ts';
import { bodyLimitBytes } from './body-limit.ts';
import { trackRouteMethods } from './route-methods.ts';
import { overloaded, Problem, type ProblemDetail, type ProblemSlug } from '../problems.ts';

/** The header with the ID that every log line of a request carries. */
export const correlationHeader = 'x-correlation-id';

const bodyLimitDetail = `The request body exceeds ${bodyLimitBytes / 1024} KiB.`;

/** Problems for the errors that Fastify raises itself, by error code. */
const ofFastify: Readonly<Record<string, [ProblemSlug, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed-json', 'The request body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed-json', 'The request body is empty.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send the request body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-json', 'The length of the request body differs from Content-Length.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload-too-large', bodyLimitDetail],
};

/** Returns every error as an RFC 9457 problem. An unexpected error is logged, and its problem reveals nothing. */
export function handleProblems(app: FastifyInstance): void {
  const methodsOf = trackRouteMethods(app);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error);
    if (problem.slug === 'internal') request.log.error({ err: error }, 'request failed');
    else if (isTransientError(error)) request.log.warn({ err: error }, 'transient database error');
    return sendProblem(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const allow = methodsOf(pathOf(request));
    const problem =
      allow === undefined
        ? new Problem('not-found', 'No resource exists at this path.')
        : new Problem('method-not-allowed', `This resource supports ${allow}.`, { allow });
    return sendProblem(problem, request, reply);
  });
}

/** Answers 404 for a path that the router cannot parse. The router calls this before any hook runs, so it writes the only log line. */
export function handleInvalidPath(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header(correlationHeader, request.id);
  void sendProblem(new Problem('not-found', 'No resource exists at this path.'), request, reply);
  request.log.info({ method: request.method, route: 'unreadable', statusCode: reply.statusCode }, 'request');
}

/** The problem for a request body above {@link bodyLimitBytes}. */
export function payloadTooLarge(): Problem {
  return new Problem('payload-too-large', bodyLimitDetail);
}

/** Sends a problem with the request's correlation ID. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.headers(problem.headers);
  const path = pathOf(request);
  // A problem about a card number must not repeat the number.
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
    return new Problem('validation-failed', 'One or more fields are invalid. See errors.', { errors: details(error) });
  const known = ofFastify[error.code];
  if (known) {
    const [slug, detail] = known;
    return new Problem(slug, detail);
  }
  if (error.code === 'FST_UNDER_PRESSURE') return overloaded(1);
  if (isTransientError(error)) {
    return overloaded(2, 'The database is temporarily unavailable');
  }
  // Other client errors of Fastify. Their messages may quote the request.
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new Problem('validation-failed', 'The request is malformed.');
  return new Problem('internal', 'The error was logged. Contact support with the correlation ID.');
}

/** Pointer and message of each validation error, without the invalid value. */
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
