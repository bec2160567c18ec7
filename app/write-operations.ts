import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { pino } from 'pino';
import { operationList } from './operation-list.ts';
import { SimulatedAcquirer } from './src/acquirer/simulator.ts';
import { buildApp } from './src/app.ts';
import { PaymentService } from './src/payments/payment-service.ts';
import { noMetrics } from './src/telemetry/business-metrics.ts';

/*
 * `npm run operations`: writes the operations of the API Gateway. The infrastructure reads the file, so that synthesis
 * need not build the API. A test fails when it is out of date. `-- --released` also stores the OpenAPI document with which later ones are
 * compared: after a release, or when a new major version breaks clients.
 */

// The pool is never used, so it opens no connection.
const pool = new pg.Pool();
const logger = pino({ level: 'silent' });
const app = await buildApp({
  pool,
  payments: new PaymentService({ pool, metrics: noMetrics, logger, acquirer: new SimulatedAcquirer() }),
  metrics: noMetrics,
  logger,
  session: { timeToLiveMinutes: 1, secureCookie: true },
});
await app.ready();
const document = app.swagger();
writeFileSync('operations.json', `${JSON.stringify(operationList(document), undefined, 2)}\n`);
if (process.argv.includes('--released')) {
  const withoutExamples = (name: string, value: unknown) => (name === 'example' ? undefined : value);
  writeFileSync('released-openapi.json', `${JSON.stringify(document, withoutExamples, 2)}\n`);
}
await app.close();
