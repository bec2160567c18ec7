import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import { type Acquirer, type AcquirerAnswer, AcquirerTimeoutError } from '../acquirer/acquirer.ts';
import { asMerchant, type Caller } from '../db/transaction.ts';
import {
  claimKey,
  lockKey,
  lockKeyOfOperation,
  markPrepared,
  releaseLease,
  renewLease,
} from '../idempotency/idempotency-repository.ts';
import type { IdempotentRequest, IdempotentRequestKey } from '../idempotency/idempotent-request.ts';
import { Problem } from '../problems.ts';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import { traced } from '../telemetry/tracing.ts';
import { GroupedWrites, type Work } from './grouped-writes.ts';
import { askAcquirer, type Operation, type Preparation, type Reservation } from './operation.ts';
import { outcomeOf } from './outcome.ts';
import { toPublicPayment, type StoredPayment } from './payment.ts';
import { findPayment } from './payment-repository.ts';

/** What the service works with. */
export interface PaymentServiceDependencies {
  readonly pool: Pool;
  readonly acquirer: Acquirer;
  readonly metrics: BusinessMetrics;
  readonly logger: Pick<Logger, 'info'>;
  /** How long the acquirer may take before its answer counts as unknown. @default 6000 */
  readonly acquirerTimeoutMilliseconds?: number;
  /** Called between two steps; tests crash here. @default - nothing */
  readonly checkpoint?: (step: 'prepared' | 'answered') => Promise<void> | void;
}

/** The answer, as it is sent and stored. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
  /** Whether it was given before. */
  readonly replayed: boolean;
}

/** What became of a queued operation. Held: somebody else works on it. Unanswered: the acquirer did not say in time. */
export type QueuedOutcome = 'finished' | 'held' | 'unanswered' | 'unknown';

/**
 * Does what a request asks for exactly once, however often it is sent and wherever a process dies.
 *
 * Three steps, each of which a later try can go on from: the key is claimed and the operation stored; the acquirer is asked, outside
 * any transaction and under the operation's own reference; the outcome is stored together with the answer. New payments and all outcomes
 * are stored in groups, with those of other requests.
 */
export class PaymentService {
  readonly #dependencies: PaymentServiceDependencies;
  readonly #writes: GroupedWrites;

  constructor(dependencies: PaymentServiceDependencies) {
    this.#dependencies = dependencies;
    this.#writes = new GroupedWrites(dependencies.pool, dependencies.logger);
  }

  /**
   * Handles a request.
   *
   * @throws Problem when the key belongs to another request or is in progress, or the payment does not allow it; nothing is stored then
   */
  async handle(request: IdempotentRequest, preparation: Preparation): Promise<StoredAnswer> {
    const started = performance.now();
    const begun = await this.#begin(request, preparation);
    if ('body' in begun) return begun;
    const answer = await this.#carryOn(request, begun);
    this.#measure(begun.operation, answer, performance.now() - started);
    return answer;
  }

  /** Goes on with a request that stopped half-way. `undefined` when somebody else does, or it has ended. */
  async resume(request: IdempotentRequest): Promise<StoredAnswer | undefined> {
    const work = await asMerchant(this.#dependencies.pool, request, async (client) => {
      const known = await lockKey<Operation>(client, request.key);
      if (!known || known.leased || known.recoveryPoint !== 'prepared' || !known.operation) return undefined;
      await renewLease(client, request.key);
      return this.#work({ ...known, operation: known.operation }, await findPayment(client, known.operation.paymentId));
    });
    return work && this.#carryOn(request, work);
  }

  /** Does what was queued, unless it has been done. It may be asked for any number of times, by several processes at once. */
  async finishQueued(caller: Caller, operationId: string): Promise<QueuedOutcome> {
    const taken = await asMerchant(this.#dependencies.pool, caller, async (client) => {
      const known = await lockKeyOfOperation<Operation>(client, operationId);
      if (!known?.operation) return 'unknown';
      if (known.recoveryPoint === 'finished') return 'finished';
      if (known.leased) return 'held';
      await renewLease(client, known.key);
      const payment = await findPayment(client, known.operation.paymentId);
      return { key: known.key, work: this.#work({ ...known, operation: known.operation }, payment) };
    });
    if (typeof taken === 'string') return taken;
    const answer = await this.#carryOn({ ...caller, key: taken.key }, taken.work);
    if (answer.status === 202) return 'unanswered';
    if (!answer.replayed) {
      const milliseconds = Date.now() - Date.parse(taken.work.payment.createdAt);
      this.#dependencies.metrics.queuedPaymentFinished(verdictOf(answer), milliseconds);
    }
    return 'finished';
  }

  async #begin(request: IdempotentRequest, preparation: Preparation): Promise<StoredAnswer | Work> {
    const begun =
      'newPayment' in preparation
        ? await this.#writes.begin(request, preparation)
        : await this.#reserve(request, preparation);
    if (!begun) return this.#knownUnder(request);
    return isQueued(begun.operation) ? accepted(begun.payment, false) : begun;
  }

  /** Claims the key and reserves the payment. `undefined` when the key was used before. */
  async #reserve(request: IdempotentRequest, reserve: Reservation): Promise<Work | undefined> {
    return asMerchant(this.#dependencies.pool, request, async (client) => {
      const operationId = uuid();
      if (!(await claimKey(client, request, operationId))) return undefined;
      const operation = await reserve(client, operationId);
      await markPrepared(client, request.key, operation);
      const begun = { operationId, operation, correlationId: request.correlationId };
      return this.#work(begun, await findPayment(client, operation.paymentId));
    });
  }

  /** The answer that a key has had, or the work that somebody has left undone under it. */
  async #knownUnder(request: IdempotentRequest): Promise<StoredAnswer | Work> {
    const { key, requestHash } = request;
    return asMerchant(this.#dependencies.pool, request, async (client) => {
      const known = await lockKey<Operation>(client, key);
      if (!known?.requestHash.equals(requestHash)) {
        throw new Problem(
          'idempotency-key-reused',
          'This Idempotency-Key was already used with a different request. Use a new key.',
        );
      }
      if (known.responseStatus !== null && known.responseBody !== null) {
        return { status: known.responseStatus, body: known.responseBody, replayed: true };
      }
      if (known.operation && isQueued(known.operation)) {
        const begun = { ...known, operation: known.operation };
        const { payment } = this.#work(begun, await findPayment(client, known.operation.paymentId));
        return accepted(payment, true);
      }
      if (known.leased || !known.operation) {
        throw new Problem(
          'request-in-progress',
          'The first request with this Idempotency-Key is still in progress. Retry after the delay in Retry-After.',
          {
            retryAfterSeconds: 2,
          },
        );
      }
      await renewLease(client, key);
      return this.#work({ ...known, operation: known.operation }, await findPayment(client, known.operation.paymentId));
    });
  }

  #work({ operationId, operation, correlationId }: Omit<Work, 'payment'>, payment: StoredPayment | undefined): Work {
    if (!payment) throw new Error(`Payment ${operation.paymentId} is gone.`);
    return { operationId, operation, correlationId, payment };
  }

  async #carryOn(request: IdempotentRequestKey, work: Work): Promise<StoredAnswer> {
    const { checkpoint } = this.#dependencies;
    await checkpoint?.('prepared');
    let answer: AcquirerAnswer;
    try {
      answer = await traced(request.span, 'acquirer', () => this.#ask(work));
    } catch (error) {
      await this.#release(request);
      if (!(error instanceof AcquirerTimeoutError)) throw error;
      return accepted(work.payment, false);
    }
    await checkpoint?.('answered');
    return this.#finish(request, work, answer);
  }

  async #ask({ operationId, operation, payment }: Work): Promise<AcquirerAnswer> {
    const { acquirer, acquirerTimeoutMilliseconds = 6000 } = this.#dependencies;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new AcquirerTimeoutError(operationId));
      }, acquirerTimeoutMilliseconds);
    });
    try {
      return await Promise.race([askAcquirer(acquirer, operationId, operation, payment), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #finish(request: IdempotentRequestKey, work: Work, decision: AcquirerAnswer): Promise<StoredAnswer> {
    const { operation, payment } = work;
    const outcome = outcomeOf(operation, payment, decision);
    const body = await this.#writes.finish({ request, work, outcome });
    if (body !== undefined) return { status: outcome.status, body, replayed: false };
    // Somebody took over while the acquirer was slow, and was faster.
    const known = await asMerchant(this.#dependencies.pool, request, (client) =>
      lockKey<Operation>(client, request.key),
    );
    if (known?.responseStatus == null || known.responseBody === null) {
      throw new Error(`Operation ${work.operationId} has not ended, and could not be ended.`);
    }
    return { status: known.responseStatus, body: known.responseBody, replayed: true };
  }

  async #release(request: IdempotentRequestKey): Promise<void> {
    await asMerchant(this.#dependencies.pool, request, (client) => releaseLease(client, request.key));
  }

  #measure(operation: Operation, answer: StoredAnswer, durationMilliseconds: number): void {
    if (answer.replayed || answer.status === 202) return;
    const { metrics } = this.#dependencies;
    if (operation.kind === 'refund') metrics.refundProcessed();
    if (operation.kind === 'create') metrics.paymentProcessed(verdictOf(answer), durationMilliseconds);
  }
}

function isQueued(operation: Operation): boolean {
  return 'queued' in operation;
}

/** The answer as long as nothing is decided: the payment as it was stored. */
function accepted(payment: StoredPayment, replayed: boolean): StoredAnswer {
  return { status: 202, body: JSON.stringify(toPublicPayment(payment)), replayed };
}

function verdictOf({ body }: StoredAnswer): 'approved' | 'declined' {
  return (JSON.parse(body) as { status: string }).status === 'declined' ? 'declined' : 'approved';
}
