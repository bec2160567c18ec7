import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type BackgroundLoop, startLoop } from '../background-loop.ts';
import { Batcher } from '../db/batcher.ts';
import { isStatementError } from '../db/statement-error.ts';
import { WaitQueue } from '../db/wait-queue.ts';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import {
  type Attempt,
  claimDeliveries,
  type ClaimedDelivery,
  recordAttempts,
  type RecordedAttempt,
} from './delivery-repository.ts';
import { parseDestination, RefusedDestinationError } from './destination.ts';
import { retryDelaySeconds } from './retry-delay.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { type AttemptResult, send, type SendOptions } from './send.ts';
import { signatureHeaders } from './signature.ts';
import { webhookBody } from './webhook-event.ts';

/** The dependencies of {@link WebhookDispatcher}. */
export interface WebhookDispatcherDependencies {
  readonly pool: Pool;
  readonly secrets: SecretBox;
  readonly sending: SendOptions;
  readonly metrics: Pick<BusinessMetrics, 'webhookParked'>;
  readonly logger: Logger;
}

/** The largest number of attempts at the same time in a process. An attempt needs a connection and little memory. */
const maxUnderWay = 256;
/** Longer than an attempt and its record may take. */
const leaseSeconds = 30;
const busyMilliseconds = 50;
const idleMilliseconds = 500;

/**
 * Sends webhooks at least once, and in order for each payment and endpoint. Several processes may run a dispatcher: the database gives each
 * delivery to one of them. If a process dies, its deliveries are sent again after their lease.
 */
export class WebhookDispatcher {
  readonly #dependencies: WebhookDispatcherDependencies;
  readonly #underWay = new Set<Promise<void>>();
  readonly #records: Batcher<Attempt, RecordedAttempt | undefined>;

  constructor(dependencies: WebhookDispatcherDependencies) {
    this.#dependencies = dependencies;
    this.#records = new Batcher((attempts) => recordAttempts(dependencies.pool, attempts), {
      maxBatchSize: maxUnderWay,
      mayBeOneItem: isStatementError,
      // A queue of its own, because load shedding is about requests only.
      line: new WaitQueue(),
    });
  }

  /** Sends due deliveries until it is stopped, without waiting for slow ones. */
  start(): BackgroundLoop {
    const loop = startLoop(async () => {
      await this.#begin();
      return this.#underWay.size > 0 ? busyMilliseconds : idleMilliseconds;
    });
    return {
      stop: async () => {
        await loop.stop();
        await this.#ended();
      },
    };
  }

  /** Claims due deliveries once and sends them. Returns their number. */
  async dispatchOnce(): Promise<number> {
    const begun = await this.#begin();
    await this.#ended();
    return begun;
  }

  async #ended(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #begin(): Promise<number> {
    const { pool, logger } = this.#dependencies;
    const room = maxUnderWay - this.#underWay.size;
    if (room === 0) return 0;
    const claimed = await claimDeliveries(pool, room, leaseSeconds).catch((error: unknown) => {
      logger.error({ err: error }, 'webhooks could not be claimed; retrying');
      return [];
    });
    for (const delivery of claimed) {
      const attempt: Promise<void> = this.#attempt(delivery).finally(() => this.#underWay.delete(attempt));
      this.#underWay.add(attempt);
    }
    return claimed.length;
  }

  async #attempt(delivery: ClaimedDelivery): Promise<void> {
    const { id: deliveryId, endpointId, eventId, type: eventType, correlationId } = delivery;
    const { metrics, logger } = this.#dependencies;
    const log = logger.child({
      component: 'webhooks',
      deliveryId,
      endpointId,
      eventId,
      eventType,
      correlationId,
    });
    try {
      const result = await this.#send(delivery, log);
      const { statusCode, error: reason, durationMilliseconds } = result;
      const delivered = statusCode !== null && statusCode >= 200 && statusCode < 300;
      const retrySeconds = delivered ? 0 : retryDelaySeconds(delivery.failures + 1);
      const recorded = await this.#records.add({ ...result, delivery, delivered, retrySeconds });
      const fields = { statusCode, reason, durationMilliseconds, retrySeconds: Math.round(retrySeconds) };
      if (delivered) {
        log.info(fields, 'webhook delivered');
      } else if (recorded?.status === 'parked') {
        metrics.webhookParked();
        log.warn(fields, 'webhook parked');
      } else {
        log.info(fields, 'webhook not delivered; it will be retried');
      }
      if (recorded?.disabledReason) log.warn({ reason: recorded.disabledReason }, 'webhook endpoint disabled');
    } catch (error) {
      log.error({ err: error }, 'webhook attempt could not be recorded; it will be repeated');
    }
  }

  async #send(delivery: ClaimedDelivery, log: Pick<Logger, 'error'>): Promise<AttemptResult> {
    const { secrets, sending } = this.#dependencies;
    const body = webhookBody(delivery);
    const failed = (error: string): AttemptResult => ({
      startedAt: new Date(),
      durationMilliseconds: 0,
      statusCode: null,
      error,
      responseStart: null,
    });
    try {
      const url = parseDestination(delivery.url, sending.policy);
      const opened = delivery.sealedSecrets.map((sealed) => secrets.open(delivery.endpointId, sealed));
      const signed = signatureHeaders(delivery.eventId, body, opened);
      return await send({ url, headers: { ...ownHeaders, ...signed }, body }, sending);
    } catch (error) {
      if (error instanceof RefusedDestinationError) return failed(error.message);
      log.error({ err: error }, 'signing secret could not be opened');
      return failed('The signing secret cannot be read. Roll it.');
    }
  }
}

const ownHeaders = { 'content-type': 'application/json', 'user-agent': 'payment-platform-webhooks' };
