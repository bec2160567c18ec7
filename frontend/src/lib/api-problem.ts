import type { Problem } from '@payment-platform/app/api-types';

/** An error response of the API. Its message is shown to the user. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiProblem';
    this.problem = problem;
  }

  /** The last part of the problem's type, such as `invalid-state`. */
  get slug(): string {
    return this.problem.type.split('/').at(-1) ?? '';
  }
}

/** No response: the outcome is unknown, so a retry must use the same Idempotency-Key. */
export class NoResponse extends Error {
  constructor(cause: unknown) {
    super('The payment platform cannot be reached. Check the connection and try again.', { cause });
    this.name = 'NoResponse';
  }
}

/** Parses a problem document. CloudFront or WAF may respond without one. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => undefined)) as Problem | undefined;
  if (typeof body?.detail === 'string') return body;
  return {
    type: '/problems/unexpected-answer',
    title: 'Unexpected answer',
    status: response.status,
    detail: `The payment platform answered with status ${response.status}.`,
    instance: '',
    correlationId: response.headers.get('x-correlation-id') ?? '',
  };
}
