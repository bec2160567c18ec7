import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { pino } from 'pino';
import { clientTypes } from './client-types.ts';
import { operationList } from './operation-list.ts';
import { SimulatedAcquirer } from './src/acquirer/simulator.ts';
import { buildApp } from './src/app.ts';
import { PaymentService } from './src/payments/payment-service.ts';
import { noMetrics } from './src/telemetry/business-metrics.ts';

/*
 * `npm run operations`: writes the operations of the API Gateway, so that synthesis need not build the API, and the types of
 * the API's clients. Tests fail when a file is out of date. `-- --released` also stores the OpenAPI document with which later ones are
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
writeFileSync('api-types.d.ts', await clientTypes(document));
writeFileSync('operations.json', `${JSON.stringify(operationList(document), undefined, 2)}\n`);
if (process.argv.includes('--released')) {
  const withoutExamples = (name: string, value: unknown) => (name === 'example' ? undefined : value);
  writeFileSync('released-openapi.json', `${JSON.stringify(document, withoutExamples, 2)}\n`);
}
await app.close();
