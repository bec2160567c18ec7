import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Logger } from 'pino';
import {
  type Acquirer,
  type AcquirerResponse,
  type AcquirerRequest,
  AcquirerTimeoutError,
  type AuthorizationRequest,
  type FollowUpRequest,
} from './acquirer.ts';

export interface HttpAcquirerOptions {
  /** `https:`, or `http:` on loopback. The environment parser checks this. */
  readonly url: string;
  readonly logger: Logger;
  /** The timeout of a request including its retry. @default 5000 */
  readonly timeoutMilliseconds?: number;
}

const answered = { reference: Type.String() };
const answerSchema = Type.Union([
  Type.Object({ ...answered, outcome: Type.Literal('approved'), acquirerId: Type.String({ minLength: 1 }) }),
  Type.Object({ ...answered, outcome: Type.Literal('declined'), declineCode: Type.String({ minLength: 1 }) }),
]);

/**
 * An HTTP client of an acquirer. It sends `POST /authorizations`, `/captures`, `/voids` and `/refunds` with the request as JSON and the
 * reference as `Idempotency-Key`. It expects 200 with the `reference` and an `outcome`: `approved` with `acquirerId`, or `declined` with
 * `declineCode`.
 *
 * Any other response leaves the outcome unknown: it is logged and thrown as {@link AcquirerTimeoutError}.
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

  authorize(request: AuthorizationRequest): Promise<AcquirerResponse> {
    return this.#ask('authorizations', request);
  }

  capture(request: FollowUpRequest): Promise<AcquirerResponse> {
    return this.#ask('captures', request);
  }

  void(request: FollowUpRequest): Promise<AcquirerResponse> {
    return this.#ask('voids', request);
  }

  refund(request: FollowUpRequest): Promise<AcquirerResponse> {
    return this.#ask('refunds', request);
  }

  async #ask(resource: string, request: AcquirerRequest): Promise<AcquirerResponse> {
    const { reference } = request;
    const signal = AbortSignal.timeout(this.#timeoutMilliseconds);
    try {
      const response = await this.#post(resource, request, signal).catch((error: unknown) => {
        if (signal.aborted) throw error;
        // The acquirer may have closed an idle keep-alive connection. The reference makes the retry safe.
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

/** Parses a response. @throws when it is not a decision, or belongs to another request */
function answerTo(reference: string, status: number, body: unknown): AcquirerResponse {
  if (status !== 200) throw new Error(`The acquirer answered with status ${status}.`);
  if (!Value.Check(answerSchema, body)) throw new Error('The response of the acquirer does not match its schema.');
  if (body.reference !== reference)
    throw new Error(`The acquirer answered request ${body.reference} instead of ${reference}.`);
  const { reference: _, ...answer } = body;
  return answer;
}
