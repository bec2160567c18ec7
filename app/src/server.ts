import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { createAcquirer } from './acquirer/create-acquirer.ts';
import { buildApp } from './app.ts';
import { schemaVersion } from './db/migrations.ts';
import { createPool } from './db/pool.ts';
import { readMigrations } from './db/schema-files.ts';
import { createDocumentService } from './documents/create-document-service.ts';
import { type DatabaseEnvironment, readProcessEnvironment } from './environment.ts';
import { startLedgerChecks } from './ledger/chain/check-loop.ts';
import { startSealing } from './ledger/chain/seal-loop.ts';
import { startRecordingKeyUses } from './merchants/key-use-loop.ts';
import { EventConsumer } from './outbox/event-consumer.ts';
import { inProcessTransport } from './outbox/in-process-transport.ts';
import { startLagMeasurement } from './outbox/outbox-lag.ts';
import { startOutboxRelay } from './outbox/outbox-relay.ts';
import { sqsTransport } from './outbox/sqs-transport.ts';
import { tracedTransport } from './outbox/traced-transport.ts';
import { startExpiry } from './payments/expiry.ts';
import { startRecovery } from './payments/recovery-loop.ts';
import { PaymentService } from './payments/payment-service.ts';
import { createSignIn } from './sign-in/create-sign-in.ts';
import { EmbeddedMetrics } from './telemetry/embedded-metrics.ts';
import { lineWriter } from './telemetry/line-writer.ts';
import { messageAndCode } from './telemetry/error-fields.ts';
import { createLogger } from './telemetry/logger.ts';
import { startTracing } from './telemetry/start-tracing.ts';
import { selfSignedCertificate } from './tls/self-signed.ts';
import { createWebhooks } from './webhooks/create-webhooks.ts';
import { startWebhooks } from './webhooks/webhook-loops.ts';

/*
 * Entry point of the API. It listens only after the database has the required schema, so a task that cannot work never becomes healthy.
 * Losing the database later does not stop it, because new tasks would not bring the database back.
 */

const schemaTimeoutMilliseconds = 120_000;

async function waitForSchema(pool: Pool, logger: Logger): Promise<void> {
  const wanted = readMigrations().at(-1)?.name ?? '';
  const end = Date.now() + schemaTimeoutMilliseconds;
  for (let wait = 200; ; wait = Math.min(wait * 2, 5000)) {
    try {
      const found = await schemaVersion(pool);
      if (found !== undefined && found >= wanted) return;
      logger.warn({ found, wanted }, 'waiting for the schema');
    } catch (error) {
      logger.warn({ err: error }, 'waiting for the database');
    }
    if (Date.now() > end)
      throw new Error(
        `The database did not reach schema ${wanted} within ${schemaTimeoutMilliseconds / 1000} seconds. Run the migrations.`,
      );
    await sleep(wait);
  }
}

const environment = readProcessEnvironment();
const { environmentName, logLevel, database, eventQueueUrl, tls, shutdownGraceSeconds } = environment;
const logger = createLogger(logLevel, environmentName, lineWriter());
const metrics = new EmbeddedMetrics(environmentName, (line) => process.stdout.write(`${line}\n`));
const pool = poolTo(database, 'payments-api');
const { readerHost } = database;
const readPool = readerHost === undefined ? pool : poolTo({ ...database, host: readerHost }, 'payments-api-reader');

/** The pool replaces an idle connection that breaks. Without a listener, the error event would stop the process. */
function poolTo(target: DatabaseEnvironment, applicationName: string): Pool {
  return createPool(target, applicationName).on('error', (error) => {
    const { message: reason, code } = messageAndCode(error);
    logger.warn({ code, reason }, 'an idle database connection was lost');
  });
}

async function start(): Promise<void> {
  await waitForSchema(pool, logger);
  const { acquirer, challenges, notices } = await createAcquirer(environment.acquirer, { pool, logger });
  const payments = new PaymentService({ pool, metrics, logger, acquirer });
  const tracing = await startTracing(environment.tracing, environmentName, logger);
  const transport =
    eventQueueUrl === undefined
      ? inProcessTransport(new EventConsumer({ pool, payments, logger, tracing }), logger)
      : sqsTransport(eventQueueUrl);
  const webhooks = await createWebhooks(environment.webhooks);
  const app = await buildApp({
    pool,
    readPool,
    payments,
    challenges,
    notices,
    documents: createDocumentService(environment.documents, pool),
    webhooks,
    metrics,
    logger,
    clientCertificates: environment.clientCertificates,
    tracing,
    session: {
      timeToLiveMinutes: environment.sessionTtlMinutes,
      secureCookie: environment.cookieSecure,
      cookieName: environment.sessionCookie,
    },
    signIn: await createSignIn(environment.signIn),
    ...(tls === 'self-signed' && { https: await selfSignedCertificate() }),
  });
  const background = [
    startOutboxRelay({ pool, transport: tracing ? tracedTransport(transport, tracing) : transport, logger }),
    startLagMeasurement({ pool, metrics, logger }),
    startRecovery({ pool, payments, logger }),
    startExpiry({ pool, payments, authorizationDays: environment.authorizationDays, logger }),
    startRecordingKeyUses(app.credentials, logger),
    startSealing({ pool, logger }),
    startLedgerChecks({ pool, readPool, metrics, logger }),
    ...(webhooks ? startWebhooks({ pool, webhooks, metrics, logger }) : []),
  ];
  // A load balancer may move all its connections to a new task at once. The default backlog of Node.js is 511.
  const address = await app.listen({ host: environment.bindAddress, port: environment.port, backlog: 4096 });
  logger.info({ address }, 'listening');

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'shutting down: finishing requests in flight');
    const late = setTimeout(() => {
      logger.error({ shutdownGraceSeconds }, 'shutdown timed out: requests in flight are aborted');
      process.exit(1);
    }, shutdownGraceSeconds * 1000);
    late.unref();
    void (async () => {
      await app.close();
      await Promise.all(background.map((loop) => loop.stop()));
      await Promise.all([...new Set([pool, readPool])].map((each) => each.end()));
      await tracing?.stop();
      metrics.close();
      process.exit(0);
    })();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) => {
    logger.fatal({ err: error }, event);
    process.exit(1);
  });
}
await start().catch((error: unknown) => {
  logger.fatal({ err: error }, 'the API failed to start');
  process.exit(1);
});
