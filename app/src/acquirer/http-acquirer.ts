import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Logger } from 'pino';
import { isSafeAddress } from './safe-address.ts';
import {
  type Acquirer,
  type AcquirerResponse,
  type AcquirerRequest,
  AcquirerTimeoutError,
  type AuthorizationRequest,
  type AuthorizationResponse,
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
const acquirerId = Type.String({ minLength: 1 });
const decisionSchema = Type.Union([
  Type.Object({ ...answered, outcome: Type.Literal('approved'), acquirerId }),
  Type.Object({ ...answered, outcome: Type.Literal('declined'), declineCode: Type.String({ minLength: 1 }) }),
]);
const actionSchema = Type.Object({
  ...answered,
  outcome: Type.Literal('action_required'),
  acquirerId,
  url: Type.String({ maxLength: 2048 }),
});

/**
 * An HTTP client of an acquirer. It sends `POST /authorizations`, `/captures`, `/voids` and `/refunds` with the request as JSON and the
 * reference as `Idempotency-Key`. It expects 200 with the `reference` and an `outcome`: `approved` with `acquirerId`, or `declined` with
 * `declineCode`.
 *
 * An authorization with a `returnUrl` may also be answered with `action_required`, `acquirerId` and the `url` at which the customer
 * authenticates: `https:`, or `http:` on loopback. Repeated, it is answered with the current state.
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

  authorize(request: AuthorizationRequest): Promise<AuthorizationResponse> {
    return this.#ask('authorizations', request, authorizationAnswer);
  }

  capture(request: FollowUpRequest): Promise<AcquirerResponse> {
    return this.#ask('captures', request, decisionAnswer);
  }

  void(request: FollowUpRequest): Promise<AcquirerResponse> {
    return this.#ask('voids', request, decisionAnswer);
  }

  refund(request: FollowUpRequest): Promise<AcquirerResponse> {
    return this.#ask('refunds', request, decisionAnswer);
  }

  async #ask<Answer>(
    resource: string,
    request: AcquirerRequest,
    parse: (body: unknown) => Answer & { readonly reference: string },
  ): Promise<Answer> {
    const { reference } = request;
    const signal = AbortSignal.timeout(this.#timeoutMilliseconds);
    try {
      const response = await this.#post(resource, request, signal).catch((error: unknown) => {
        if (signal.aborted) throw error;
        // The acquirer may have closed an idle keep-alive connection. The reference makes the retry safe.
        return this.#post(resource, request, signal);
      });
      if (response.status !== 200) throw new Error(`The acquirer answered with status ${response.status}.`);
      return answerTo(reference, parse(await response.json()));
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

/** Parses a decision. @throws when it is none */
function decisionAnswer(body: unknown): AcquirerResponse & { readonly reference: string } {
  if (Value.Check(decisionSchema, body)) return body;
  throw new Error('The response of the acquirer does not match its schema.');
}

function authorizationAnswer(body: unknown): AuthorizationResponse & { readonly reference: string } {
  if (!Value.Check(actionSchema, body)) return decisionAnswer(body);
  if (isSafeAddress(body.url)) return body;
  throw new Error('The acquirer named an invalid page of authentication; use an https:// URL.');
}

/** The answer without its reference. @throws when it belongs to another request */
function answerTo<Answer>(wanted: string, { reference, ...answer }: Answer & { readonly reference: string }): Answer {
  if (reference !== wanted) throw new Error(`The acquirer answered request ${reference} instead of ${wanted}.`);
  return answer as Answer;
}
