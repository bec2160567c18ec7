import { hash, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { SimulatedAcquirer } from '../../acquirer/simulator.ts';
import { newCorrelationId } from '../../correlation-id.ts';
import type { DocumentService } from '../../documents/document-service.ts';
import { prepareCapture, prepareRefund, prepareVoid } from '../../payments/operation.ts';
import type { Preparation } from '../../payments/operation.ts';
import type { Payment } from '../../payments/payment.ts';
import type { IdempotentRequest } from '../../idempotency/idempotent-request.ts';
import { PaymentService } from '../../payments/payment-service.ts';
import { noMetrics } from '../../telemetry/business-metrics.ts';
import { persons } from '../sign-in/persons.ts';
import { type DemoPayment, demoPayments, type TimedStep } from './demo-payments.ts';

/** Who has captured, voided and refunded. */
const actor = { kind: 'person', id: persons.support.subject, name: persons.support.name } as const;

/** The rows of one payment that were written between two times, and the age that they shall have. */
export interface SeededStep {
  readonly paymentId: string;
  readonly began: Date;
  readonly ended: Date;
  /** The age of the step, in milliseconds before the seeding. */
  readonly ago: number;
}

export interface DemoDataDependencies {
  readonly pool: Pool;
  readonly documents: DocumentService;
  readonly merchantId: string;
}

interface Taken {
  readonly demo: DemoPayment;
  readonly paymentId: string;
}

/**
 * Creates the demo payments through the payment service and the simulated acquirer, so that timeline, ledger and outbox are consistent. All
 * rows have the current time.
 *
 * @returns the steps of each payment with the time range of their rows, for `moveToThePast`
 */
export async function seedDemoData({ pool, documents, merchantId }: DemoDataDependencies): Promise<SeededStep[]> {
  const logger = { info: () => undefined };
  // tok_timeout times out immediately; the retry in `handle` finds the outcome.
  const acquirer = new SimulatedAcquirer({ timeoutMilliseconds: 0 });
  const payments = new PaymentService({ pool, acquirer, logger, metrics: noMetrics });
  const seeded: SeededStep[] = [];

  const taken = await timed(demoPayments(), async (demo): Promise<Taken> => {
    const request = newRequest(merchantId, JSON.stringify(demo.newPayment));
    const answer = await handle(payments, request, { newPayment: demo.newPayment, queued: false });
    return { demo, paymentId: answer.id };
  });
  seeded.push(...taken.results.map(({ demo, paymentId }) => ({ paymentId, ago: demo.ago, ...taken.between })));

  const mostSteps = Math.max(...taken.results.map(({ demo }) => demo.steps.length));
  for (let number = 0; number < mostSteps; number++) {
    const affected = taken.results.filter(({ demo }) => demo.steps[number] !== undefined);
    const { results, between } = await timed(affected, async ({ demo, paymentId }) => {
      const step = demo.steps[number] as TimedStep;
      await perform(step, paymentId);
      return { paymentId, ago: step.ago };
    });
    seeded.push(...results.map((result) => ({ ...result, ...between })));
  }
  return seeded;

  async function perform({ step }: TimedStep, paymentId: string): Promise<void> {
    const request = newRequest(merchantId, JSON.stringify([paymentId, step]));
    switch (step.kind) {
      case 'capture':
        await handle(payments, request, prepareCapture(paymentId, step.amountMinor, actor));
        return;
      case 'void':
        await handle(payments, request, prepareVoid(paymentId, actor));
        return;
      case 'refund':
        await handle(payments, request, prepareRefund(paymentId, step.amountMinor, step.reason, actor));
        return;
      case 'document':
        await keepDocument(documents, request, paymentId, step);
    }
  }

  /** Runs `work` for all items concurrently, and returns the results and the time range by the database clock. */
  async function timed<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
    const began = await databaseTime(pool);
    const results = await Promise.all(items.map(work));
    return { results, between: { began, ended: await databaseTime(pool) } };
  }
}

/** Handles the request, and resumes it if the acquirer timed out. */
async function handle(
  payments: PaymentService,
  request: IdempotentRequest,
  preparation: Preparation,
): Promise<Payment> {
  const first = await payments.handle(request, preparation);
  const result = first.status === 202 ? await payments.resume(request) : first;
  if (result === undefined || result.status >= 300)
    throw new Error(`Demo payment ${first.payment.id} did not finish: status ${result?.status ?? 'unknown'}.`);
  return result.payment;
}

async function keepDocument(
  documents: DocumentService,
  request: IdempotentRequest,
  paymentId: string,
  { name, content }: { readonly name: string; readonly content: string },
): Promise<void> {
  const { document, upload } = await documents.register(request, paymentId, {
    name,
    contentType: 'text/plain',
    sizeBytes: Buffer.byteLength(content),
    sha256: hash('sha256', content),
  });
  if (upload) {
    const { method, url, headers } = upload;
    const stored = await fetch(url, { method, headers, body: content });
    if (!stored.ok) throw new Error(`The document store answered the upload of ${name} with status ${stored.status}.`);
  }
  // Reading the document makes the API look it up in the store and record the time.
  await documents.get(request, paymentId, document.id);
}

function newRequest(merchantId: string, body: string): IdempotentRequest {
  return {
    merchantId,
    correlationId: newCorrelationId(),
    key: `demo-${randomUUID()}`,
    requestHash: hash('sha256', body, 'buffer'),
  };
}

async function databaseTime(pool: Pool): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  if (!rows[0]) throw new Error('clock_timestamp() returned no row.');
  return rows[0].now;
}
