import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Logger } from 'pino';
import {
  type Acquirer,
  type AcquirerAnswer,
  type AcquirerRequest,
  AcquirerTimeoutError,
  type AuthorizationRequest,
  type FollowUpRequest,
} from './acquirer.ts';

/** What the client of an acquirer works with. */
export interface HttpAcquirerOptions {
  /** Where it answers; `https:` anywhere but on loopback, which the environment sees to. */
  readonly url: string;
  readonly logger: Logger;
  /** How long one question may take, all tries together. @default 5000 */
  readonly timeoutMilliseconds?: number;
}

/** What every answer holds besides: the reference of the question. */
const answered = { reference: Type.String() };
const answerSchema = Type.Union([
  Type.Object({ ...answered, outcome: Type.Literal('approved'), acquirerId: Type.String({ minLength: 1 }) }),
  Type.Object({ ...answered, outcome: Type.Literal('declined'), declineCode: Type.String({ minLength: 1 }) }),
]);

/**
 * An acquirer behind HTTP: `POST /authorizations`, `/captures`, `/voids` and `/refunds` below its address, with the request as JSON and
 * its reference as `Idempotency-Key`; 200 with `reference` and `outcome`, either `approved` with `acquirerId` or `declined` with
 * `declineCode`.
 *
 * Whatever else happens says nothing of what the acquirer did: it is logged and thrown as {@link AcquirerTimeoutError}, and asked again
 * later under the same reference.
 */
export class HttpAcquirer implements Acquirer {
  readonly #url: string;
  readonly #logger: Logger;
  readonly #timeoutMilliseconds: number;

  constructor({ url, logger, timeoutMilliseconds = 5000 }: HttpAcquirerOptions) {
    this.#url = url.replace(/\/+$/, '');
    this.#logger = logger;
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  authorize(request: AuthorizationRequest): Promise<AcquirerAnswer> {
    return this.#ask('authorizations', request);
  }

  capture(request: FollowUpRequest): Promise<AcquirerAnswer> {
    return this.#ask('captures', request);
  }

  void(request: FollowUpRequest): Promise<AcquirerAnswer> {
    return this.#ask('voids', request);
  }

  refund(request: FollowUpRequest): Promise<AcquirerAnswer> {
    return this.#ask('refunds', request);
  }

  async #ask(resource: string, request: AcquirerRequest): Promise<AcquirerAnswer> {
    const { reference } = request;
    const signal = AbortSignal.timeout(this.#timeoutMilliseconds);
    try {
      const response = await this.#post(resource, request, signal).catch((error: unknown) => {
        if (signal.aborted) throw error;
        // A kept connection that the other side closed just now; the reference makes asking twice harmless.
        return this.#post(resource, request, signal);
      });
      return answerTo(reference, response.status, await response.json());
    } catch (error) {
      this.#logger.warn({ err: error, reference, resource }, 'acquirer request failed; its outcome is unknown');
      throw new AcquirerTimeoutError(reference, { cause: error });
    }
  }

  #post(resource: string, request: AcquirerRequest, signal: AbortSignal): Promise<Response> {
    return fetch(`${this.#url}/${resource}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': request.reference },
      body: JSON.stringify(request),
      redirect: 'error',
      signal,
    });
  }
}

/** Reads an answer; one to another question, as a connection out of step would bring it, is none. */
function answerTo(reference: string, status: number, body: unknown): AcquirerAnswer {
  if (status !== 200) throw new Error(`The acquirer answered with status ${status}.`);
  if (!Value.Check(answerSchema, body)) throw new Error('The response of the acquirer does not match its schema.');
  if (body.reference !== reference)
    throw new Error(`The acquirer answered request ${body.reference} instead of ${reference}.`);
  const { reference: _, ...answer } = body;
  return answer;
}
