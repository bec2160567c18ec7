import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { type Logger, pino } from 'pino';
import { randomUUID } from 'node:crypto';
import { type Acquirer } from '../../src/acquirer/acquirer.ts';
import type { NoticeReader } from '../../src/acquirer/notices.ts';
import { SimulatedAcquirer } from '../../src/acquirer/simulator.ts';
import { StoredChallenges } from '../../src/acquirer/stored-challenges.ts';
import { buildApp } from '../../src/app.ts';
import type { Caller } from '../../src/db/transaction.ts';
import { DocumentService } from '../../src/documents/document-service.ts';
import type { DocumentStore } from '../../src/documents/document-store.ts';
import type { ClientCertificates } from '../../src/http/client-certificates.ts';
import type { RequestTimeouts } from '../../src/http/connection-limits.ts';
import type { LoadSheddingSettings } from '../../src/http/load-shedding.ts';
import { generateApiKey } from '../../src/merchants/api-key.ts';
import { digest, ensureMerchantWithKey } from '../../src/merchants/merchant-repository.ts';
import { scopes as allScopes } from '../../src/merchants/roles.ts';
import { EventConsumer } from '../../src/outbox/event-consumer.ts';
import { inProcessTransport } from '../../src/outbox/in-process-transport.ts';
import { deliverOnce } from '../../src/outbox/outbox-relay.ts';
import { tracedTransport } from '../../src/outbox/traced-transport.ts';
import { PaymentService, type PaymentServiceDependencies } from '../../src/payments/payment-service.ts';
import type { SignIn } from '../../src/sign-in/create-sign-in.ts';
import { type BusinessMetrics, noMetrics } from '../../src/telemetry/business-metrics.ts';
import type { Tracing } from '../../src/telemetry/tracing.ts';
import type { Webhooks } from '../../src/webhooks/create-webhooks.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startDocuments, type TestDocuments } from './documents.ts';

/** The API with its own database and a merchant. */
export interface TestPlatform {
  readonly app: FastifyInstance;
  readonly database: TestDatabase;
  readonly acquirer: SimulatedAcquirer;
  readonly payments: PaymentService;
  /** Its document store. */
  readonly documents: TestDocuments;
  readonly webhooks: Webhooks;
  readonly merchantId: string;
  readonly apiKey: string;
  /** The log lines of the API, as JSON. */
  readonly log: string[];
  readonly logger: Logger;
  /** Sends a request of the merchant. A POST has a new Idempotency-Key unless the headers contain one. */
  send(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Sends a POST to a path below `/api/v1`. */
  post(path: string, payload: object, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Sends a GET to a path below `/api/v1`. */
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Creates a payment and returns it. */
  pay(overrides?: Record<string, unknown>): Promise<PaymentBody>;
  /** Delivers all pending events to the consumer. */
  consumeEvents(): Promise<void>;
  close(): Promise<void>;
}

/** The fields of a payment that tests read. */
export interface PaymentBody {
  readonly id: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly capturedAmountMinor: number;
  readonly refundedAmountMinor: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly declineCode: string | null;
  readonly nextAction: { readonly type: string; readonly url: string } | null;
}

/** The body of a payment request that is approved. */
export const newPayment = { amountMinor: 1000, currency: 'EUR', paymentToken: 'tok_approve' } as const;

/** The parts that a test can replace. */
export interface PlatformOptions {
  readonly acquirer?: (simulator: SimulatedAcquirer) => Acquirer;
  /** `false`: no document store. */
  readonly documents?: false | ((store: DocumentStore) => DocumentStore);
  /** `false`: no webhooks. */
  readonly webhooks?: false;
  readonly notices?: NoticeReader;
  readonly checkpoint?: PaymentServiceDependencies['checkpoint'];
  readonly acquirerTimeoutMilliseconds?: number;
  readonly secureCookie?: boolean;
  readonly cookieName?: string;
  /** Lets persons of the merchant sign in. */
  readonly signIn?: (merchantId: string) => Promise<SignIn | undefined>;
  readonly requestTimeouts?: RequestTimeouts;
  readonly clientCertificates?: ClientCertificates;
  readonly tracing?: Tracing;
  /** @default - long waits, because the test machine may be busy */
  readonly loadShedding?: LoadSheddingSettings;
  readonly metrics?: BusinessMetrics;
}

const patience: LoadSheddingSettings = { longestWaitMilliseconds: 30_000, limit: { targetMilliseconds: 30_000 } };

/** Builds the API like server.ts, without a port. */
export async function startPlatform(options: PlatformOptions = {}): Promise<TestPlatform> {
  const database = await createTestDatabase();
  const simulator = new SimulatedAcquirer({
    slowMilliseconds: 50,
    timeoutMilliseconds: 10,
    challenges: new StoredChallenges(database.api),
  });
  const {
    checkpoint,
    acquirerTimeoutMilliseconds,
    secureCookie = true,
    cookieName,
    requestTimeouts,
    tracing,
  } = options;
  const log: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => log.push(line) });
  const payments = new PaymentService({
    pool: database.api,
    metrics: options.metrics ?? noMetrics,
    logger,
    acquirer: options.acquirer?.(simulator) ?? simulator,
    ...(checkpoint && { checkpoint }),
    ...(acquirerTimeoutMilliseconds !== undefined && { acquirerTimeoutMilliseconds }),
  });
  const documents = await startDocuments();
  const store = options.documents ? options.documents(documents.store) : documents.store;
  const webhooks: Webhooks = {
    secrets: new SecretBox('a webhook key of the tests, and of nothing else', 'webhook signing secrets'),
    policy: { loopback: true, refusedRanges: [] },
  };
  const { apiKey, merchantId } = await newMerchant(database, 'Test merchant');
  const app = await buildApp({
    pool: database.api,
    signIn: await options.signIn?.(merchantId),
    payments,
    challenges: simulator.challenges,
    notices: options.notices,
    ...(options.documents !== false && {
      documents: new DocumentService({ pool: database.api, store, retentionDays: 30 }),
    }),
    ...(options.webhooks !== false && { webhooks }),
    metrics: options.metrics ?? noMetrics,
    logger,
    loadShedding: options.loadShedding ?? patience,
    session: { timeToLiveMinutes: 30, secureCookie, ...(cookieName !== undefined && { cookieName }) },
    ...(requestTimeouts && { requestTimeouts }),
    ...(options.clientCertificates && { clientCertificates: options.clientCertificates }),
    tracing,
  });
  const send = (request: InjectOptions) =>
    app.inject({
      ...request,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(request.method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...request.headers,
      },
    });
  const post: TestPlatform['post'] = (path, payload, headers = {}) =>
    send({ method: 'POST', url: `/api/v1${path}`, payload, headers });
  return {
    app,
    database,
    acquirer: simulator,
    payments,
    documents,
    webhooks,
    merchantId,
    apiKey,
    log,
    logger,
    send,
    post,
    get: (path, headers = {}) => send({ method: 'GET', url: `/api/v1${path}`, headers }),
    async pay(overrides = {}) {
      const response = await post('/payments', { ...newPayment, ...overrides });
      if (response.statusCode !== 201) throw new Error(`${response.statusCode} ${response.body}`);
      return response.json();
    },
    async consumeEvents() {
      const inProcess = inProcessTransport(
        new EventConsumer({ pool: database.api, payments, logger, tracing }),
        logger,
      );
      const transport = tracing ? tracedTransport(inProcess, tracing) : inProcess;
      while ((await deliverOnce({ pool: database.api, transport })) > 0);
    },
    async close() {
      await app.close();
      await documents.close();
      await database.drop();
    },
  };
}

/** The simulated acquirer with the given changes. */
export function changedAcquirer(simulator: SimulatedAcquirer, changes: Partial<Acquirer>): Acquirer {
  return {
    authorize: (request) => simulator.authorize(request),
    capture: (request) => simulator.capture(request),
    void: (request) => simulator.void(request),
    refund: (request) => simulator.refund(request),
    ...changes,
  };
}

/** A caller for this merchant. */
export function callerFor(merchantId: string): Caller {
  return { merchantId, correlationId: randomUUID() };
}

/** Creates another merchant with a key. */
export async function newMerchant(
  database: TestDatabase,
  name: string,
): Promise<{ apiKey: string; merchantId: string }> {
  const apiKey = generateApiKey();
  const client = await database.administrator.connect();
  try {
    const merchantId = await ensureMerchantWithKey(client, name, apiKey);
    return { apiKey, merchantId };
  } finally {
    client.release();
  }
}

interface NewKeyOptions {
  readonly scopes?: readonly string[];
  /** An interval of PostgreSQL, or `infinity`. */
  readonly expiresIn?: string;
  readonly revoked?: boolean;
}

/** Creates another key of a merchant. */
export async function newKey(
  database: TestDatabase,
  merchantId: string,
  { scopes = allScopes, expiresIn = 'infinity', revoked = false }: NewKeyOptions = {},
): Promise<string> {
  const apiKey = generateApiKey();
  await database.administrator.query(
    `INSERT INTO payments.api_keys (id, merchant_id, key_hash, scopes, expires_at, revoked_at)
     VALUES ($1, $2, $3, $4, CASE $5 WHEN 'infinity' THEN NULL ELSE now() + $5::interval END, CASE WHEN $6 THEN now() END)`,
    [randomUUID(), merchantId, digest(apiKey), scopes, expiresIn, revoked],
  );
  return apiKey;
}

/** Sets the lease of a request to have expired `secondsAgo`. */
export async function endLease({ database }: TestPlatform, key: string, secondsAgo = 1): Promise<void> {
  await database.superuser.query(
    'UPDATE payments.idempotency_keys SET leased_until = now() - make_interval(secs => $2) WHERE key = $1',
    [key, secondsAgo],
  );
}
