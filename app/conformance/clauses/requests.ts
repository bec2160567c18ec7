import { type Clause, whenItListens } from '../clause.ts';
import type { Exchange } from '../observations.ts';
import { holdsStackTrace } from '../stack-trace.ts';
import type { Target } from '../target.ts';
import { failed, passed } from '../verdict.ts';

const correlationId = /^[\w-]{8,128}$/;
/** Every error response: to invalid requests, and to valid ones during a database outage. */
async function refusalsOf(target: Target): Promise<readonly Exchange[]> {
  const refused = await target.refusals();
  const outage = await target.started?.outage();
  const unserved = outage === undefined || typeof outage === 'string' ? [] : outage.exchanges;
  return [...refused, ...unserved.filter(({ answer }) => answer.statusCode >= 400)];
}

function named({ question: { method = 'GET', path = '' } }: Exchange): string {
  return `${method} ${path}`;
}

/** Returns why a response is not an RFC 9457 problem; `undefined` when it is one. */
function flawOf({ statusCode, headers, body }: Exchange['answer']): string | undefined {
  const type = headers['content-type'] ?? 'no content type';
  if (statusCode < 400) return `status ${statusCode}`;
  if (!type.startsWith('application/problem+json')) return `${statusCode} with ${type}`;
  try {
    const problem: unknown = JSON.parse(body);
    const { type: kind, title, status } = (problem ?? {}) as Record<string, unknown>;
    return typeof kind === 'string' && typeof title === 'string' && status === statusCode
      ? undefined
      : `${statusCode} without type, title or the same status: ${body}`;
  } catch {
    return `${statusCode} with a body that is no JSON: ${body}`;
  }
}

export const requests: readonly Clause[] = [
  {
    clause: 14,
    title: 'Returns the X-Correlation-Id of a request',
    check: whenItListens(async (target) => {
      const { sent, returned } = await target.correlation();
      return returned === sent ? passed() : failed(sent, returned || 'none');
    }),
  },
  {
    clause: 15,
    title: 'Makes an X-Correlation-Id for a request without one',
    check: whenItListens(async (target) => {
      const { generated } = await target.correlation();
      const right = generated.every((id) => correlationId.test(id));
      return right && new Set(generated).size === generated.length
        ? passed()
        : failed('two ids of 8 to 128 letters, digits, - and _', generated.map((id) => id || 'none').join(' and '));
    }),
  },
  {
    clause: 16,
    title: 'Refuses with application/problem+json',
    check: whenItListens(async (target) => {
      for (const refusal of await refusalsOf(target)) {
        const flaw = flawOf(refusal.answer);
        if (flaw !== undefined) return failed(`4xx or 5xx as RFC 9457 problem to ${named(refusal)}`, flaw);
      }
      return passed();
    }),
  },
  {
    clause: 17,
    title: 'Shows no stack trace',
    check: whenItListens(async (target) => {
      const telling = (await refusalsOf(target)).find(({ answer }) => holdsStackTrace(answer.body));
      return telling ? failed(`no stack trace to ${named(telling)}`, telling.answer.body) : passed();
    }),
  },
];
