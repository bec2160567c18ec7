import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import { type Acquirer, type ActionRequired, AcquirerTimeoutError } from '../acquirer/acquirer.ts';
import { asMerchant, type Caller } from '../db/transaction.ts';
import { keyReused, requestInProgress } from '../idempotency/idempotency-problems.ts';
import {
  claimKey,
  type KnownRequest,
  lockKey,
  lockKeyOfOperation,
  markPrepared,
  releaseLease,
  renewLease,
  type StoredResponse,
} from '../idempotency/idempotency-repository.ts';
import type { IdempotentRequest, IdempotentRequestKey } from '../idempotency/idempotent-request.ts';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import { withChildSpan } from '../telemetry/tracing.ts';
import { askAcquirer } from './ask-acquirer.ts';
import { GroupedWrites } from './grouped-writes.ts';
import { isQueued, type Operation, type Preparation, type PreparedOperation, type Reservation } from './operation.ts';
import { type Decision, outcomeOf } from './outcome.ts';
import { toPublicPayment, type StoredPayment } from './payment.ts';
import { findPayment } from './payment-repository.ts';
import { type PaymentResponse, type PaymentResult, resultOf } from './payment-result.ts';
import { requireAction } from './required-action.ts';

/** The dependencies of {@link PaymentService}. */
export interface PaymentServiceDependencies {
  readonly pool: Pool;
  readonly acquirer: Acquirer;
  readonly metrics: BusinessMetrics;
  readonly logger: Pick<Logger, 'info'>;
  /** How long the acquirer may take before its answer counts as unknown. @default 6000 */
  readonly acquirerTimeoutMilliseconds?: number;
  /** Called before and after the acquirer is asked; tests crash here. @default - nothing */
  readonly checkpoint?: (step: 'prepared' | 'answered') => Promise<void> | void;
}

/**
 * The state of an operation after an attempt to finish it. `waiting`: the customer must authenticate, as far as is known. `held`: another process works on it.
 * `unanswered`: the acquirer did not answer in time. `unknown`: no such operation exists.
 */
export type Attempt = 'finished' | 'waiting' | 'held' | 'unanswered' | 'unknown';

type KnownOperation = KnownRequest<Operation, PaymentResponse>;

/**
 * Performs each operation exactly once, however often its request is sent and wherever a process dies.
 *
 * 1. Claim: one transaction claims the idempotency key and stores the operation. Recovery point `prepared`.
 * 2. Ask: the acquirer decides, outside any transaction and under the operation's own reference.
 * 3. Store: one transaction stores the outcome, the ledger posting, the events and the response. Recovery point `finished`.
 * 4. Answer: every request with the key receives the stored response.
 *
 * An authorization that waits for its customer stays at `prepared`, too: a request with the key, a notice of the acquirer or the recovery
 * asks again.
 *
 * A process that dies leaves the operation at `prepared`. When its lease has expired, the client's retry, the recovery loop or the consumer
 * of queued payments takes it over and continues with step 2.
 */
export class PaymentService {
  readonly #dependencies: PaymentServiceDependencies;
  readonly #writes: GroupedWrites;

  constructor(dependencies: PaymentServiceDependencies) {
    this.#dependencies = dependencies;
    this.#writes = new GroupedWrites(dependencies.pool, dependencies.logger);
  }

  /**
   * Handles a client's request.
   *
   * @throws Problem when the key belongs to another request or is in progress, or the payment's state does not admit the operation.
   * Nothing is stored then.
   */
  async handle(request: IdempotentRequest, preparation: Preparation): Promise<PaymentResult> {
    const started = performance.now();
    const claimed = (await this.#claim(request, preparation)) ?? (await this.#retry(request));
    if ('status' in claimed) return claimed;
    if (isQueued(claimed.operation)) return pending(claimed.payment);
    const result = await this.#complete(request, claimed);
    this.#measure(claimed.operation, result, performance.now() - started);
    return result;
  }

  /** Continues an operation that stopped half-way. `undefined` when another process holds it, or it is finished. */
  async resume(request: IdempotentRequest): Promise<PaymentResult | undefined> {
    const prepared = await asMerchant(this.#dependencies.pool, request, async (client) => {
      const known: KnownOperation | undefined = await lockKey(client, request.key);
      return known && takeOver(client, known);
    });
    return prepared && this.#complete(request, prepared);
  }

  /** Asks the acquirer about an operation that is not finished. Safe to call repeatedly and from several processes. */
  async finish(caller: Caller, operationId: string): Promise<Attempt> {
    const taken = await asMerchant(this.#dependencies.pool, caller, async (client) => {
      const known: KnownOperation | undefined = await lockKeyOfOperation(client, operationId);
      if (!known?.operation) return 'unknown';
      if (known.response) return 'finished';
      const prepared = await takeOver(client, known);
      return prepared ? { key: known.key, prepared } : 'held';
    });
    if (typeof taken === 'string') return taken;
    const { key, prepared } = taken;
    const result = await this.#complete({ ...caller, key }, prepared);
    if (result.status === 202) return result.payment.status === 'requires_action' ? 'waiting' : 'unanswered';
    if (!result.replayed && isQueued(prepared.operation)) {
      const milliseconds = Date.now() - Date.parse(prepared.payment.createdAt);
      this.#dependencies.metrics.queuedPaymentFinished(verdictOf(result), milliseconds);
    }
    return 'finished';
  }

  /** Claims the key and stores the operation. `undefined` when the key was used before. */
  #claim(request: IdempotentRequest, preparation: Preparation): Promise<PreparedOperation | undefined> {
    return 'newPayment' in preparation ? this.#writes.begin(request, preparation) : this.#reserve(request, preparation);
  }

  async #reserve(request: IdempotentRequest, reserve: Reservation): Promise<PreparedOperation | undefined> {
    return asMerchant(this.#dependencies.pool, request, async (client) => {
      const operationId = uuid();
      if (!(await claimKey(client, request, operationId))) return undefined;
      const operation = await reserve(client, operationId);
      await markPrepared(client, request.key, operation);
      return withPayment(client, { operationId, operation, correlationId: request.correlationId });
    });
  }

  /** The result that the key has, or its operation when no other process holds that. */
  async #retry({ key, requestHash, ...caller }: IdempotentRequest): Promise<PaymentResult | PreparedOperation> {
    return asMerchant(this.#dependencies.pool, caller, async (client) => {
      const known: KnownOperation | undefined = await lockKey(client, key);
      if (!known?.requestHash.equals(requestHash)) throw keyReused();
      const { response, operation } = known;
      if (response) return replayed(response);
      if (operation && isQueued(operation)) {
        const { payment } = await withPayment(client, { ...known, operation });
        return { ...pending(payment), replayed: true };
      }
      const prepared = await takeOver(client, known);
      if (!prepared) throw requestInProgress();
      return prepared;
    });
  }

  /** From `prepared` to `finished`. Stays at `prepared` when the acquirer does not answer in time. */
  async #complete(request: IdempotentRequestKey, prepared: PreparedOperation): Promise<PaymentResult> {
    const { acquirer, acquirerTimeoutMilliseconds = 6000, checkpoint } = this.#dependencies;
    await checkpoint?.('prepared');
    let answer: Decision | ActionRequired;
    try {
      answer = await withChildSpan(request.span, 'acquirer', () =>
        askAcquirer(acquirer, prepared, acquirerTimeoutMilliseconds),
      );
    } catch (error) {
      await this.#release(request);
      if (!(error instanceof AcquirerTimeoutError)) throw error;
      return pending(prepared.payment);
    }
    await checkpoint?.('answered');
    return answer.outcome === 'action_required'
      ? this.#awaitAction(request, prepared, answer)
      : this.#store(request, prepared, answer);
  }

  /** Stays at `prepared` until the customer has authenticated. */
  async #awaitAction(
    request: IdempotentRequestKey,
    prepared: PreparedOperation,
    action: ActionRequired,
  ): Promise<PaymentResult> {
    if (prepared.payment.status === 'requires_action') await this.#release(request);
    else await requireAction(this.#dependencies.pool, request, prepared, action);
    return this.#current(request, prepared);
  }

  async #store(request: IdempotentRequestKey, prepared: PreparedOperation, answer: Decision): Promise<PaymentResult> {
    const { status, response, ...outcome } = outcomeOf(prepared.operation, prepared.payment, answer);
    const finishedAt = await this.#writes.finish(request, prepared, { status, response, ...outcome });
    if (finishedAt !== undefined) return { ...resultOf({ status, content: response, finishedAt }), replayed: false };
    // The lease expired while the acquirer was slow, and another process finished the operation.
    const current = await this.#current(request, prepared);
    if (current.status === 202)
      throw new Error(`Operation ${prepared.operationId} is not finished, and cannot be finished.`);
    return current;
  }

  /** The result that the request has now. */
  async #current(request: IdempotentRequestKey, prepared: PreparedOperation): Promise<PaymentResult> {
    return asMerchant(this.#dependencies.pool, request, async (client) => {
      const known = await lockKey<Operation, PaymentResponse>(client, request.key);
      return known?.response ? replayed(known.response) : pending((await withPayment(client, prepared)).payment);
    });
  }

  async #release(request: IdempotentRequestKey): Promise<void> {
    await asMerchant(this.#dependencies.pool, request, (client) => releaseLease(client, request.key));
  }

  #measure(operation: Operation, result: PaymentResult, durationMilliseconds: number): void {
    if (result.replayed || result.status === 202 || result.payment.status === 'expired') return;
    const { metrics } = this.#dependencies;
    if (operation.kind === 'refund' && result.status === 201) metrics.refundProcessed();
    if (operation.kind === 'create') metrics.paymentProcessed(verdictOf(result), durationMilliseconds);
  }
}

/** Takes the lease of an operation at `prepared`. `undefined` when another process holds it, or it is finished. */
async function takeOver(client: PoolClient, known: KnownOperation): Promise<PreparedOperation | undefined> {
  const { recoveryPoint, leased, operation } = known;
  if (recoveryPoint !== 'prepared' || leased || !operation) return undefined;
  await renewLease(client, known.key);
  return withPayment(client, { ...known, operation });
}

async function withPayment(
  client: PoolClient,
  { operationId, correlationId, operation }: Omit<PreparedOperation, 'payment'>,
): Promise<PreparedOperation> {
  const payment = await findPayment(client, operation.paymentId);
  if (!payment) throw new Error(`Payment ${operation.paymentId} does not exist.`);
  return { operationId, correlationId, operation, payment };
}

/** The result until the acquirer has decided: the payment as it is stored. */
function pending(payment: StoredPayment): PaymentResult {
  return { status: 202, payment: toPublicPayment(payment), replayed: false };
}

function replayed(response: StoredResponse<PaymentResponse>): PaymentResult {
  return { ...resultOf(response), replayed: true };
}

function verdictOf({ payment }: PaymentResult): 'approved' | 'declined' {
  return payment.status === 'declined' ? 'declined' : 'approved';
}
