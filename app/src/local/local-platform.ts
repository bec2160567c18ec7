import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataEntries, openDataDirectory, removeData } from './data-directory.ts';
import { lockDirectory } from './directory-lock.ts';
import { DocumentDirectory } from '../documents/document-directory.ts';
import { buildDocumentServer } from './document-server.ts';
import { buildEdge } from './edge.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { stopLeftoverPostgres } from './leftover-postgres.ts';
import { addDemoData } from './demo/add-demo-data.ts';
import { keyFile, randomSecret } from './key-file.ts';
import { openLogFile } from './log-files.ts';
import { headersOf, securityHeaders } from './page-headers.ts';
import { asSuperuser, prepareDatabase } from './prepare-database.ts';
import { buildPrograms } from './program-build.ts';
import { reservePort } from './reserve-port.ts';
import { runToCompletion, type Service, startService } from './service-process.ts';
import { localClientId, startIdentityServer } from './sign-in/identity-server.ts';
import { storageError } from './storage-error.ts';
import { buildSite } from './site-build.ts';
import { generateApiKey, generateOperatorKey } from '../merchants/api-key.ts';
import { createLogger } from '../telemetry/logger.ts';

export interface LocalPlatformOptions {
  /** The checkout. */
  readonly root: string;
  /** The port of the console; 0 for any free port. */
  readonly port: number;
  /** Created if missing. It must not contain files of others. */
  readonly dataDirectory: string;
  /** Whether to delete the stored data first. */
  readonly fresh: boolean;
  /** Whether a new database starts without demo payments. */
  readonly empty: boolean;
  /** Whether to trace every request: the API logs its spans, and PostgreSQL its statements. */
  readonly trace: boolean;
  /** A file with a key of Stripe's test mode. @default - the simulator decides */
  readonly stripeKeyFile?: string | undefined;
  readonly log: (line: string) => void;
}

/** A running local platform. */
export interface LocalPlatform {
  readonly url: string;
  readonly apiKey: string;
  /** Signs the persons of the local identity provider in. */
  readonly personPassword: string;
  /** Rejects when one of its processes exits unexpectedly. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

/** The retention that the API reports, seven years. The local platform never deletes documents. */
const documentRetentionDays = 2557;

/**
 * Starts database, migrations, document server, API and edge, in this order. If one fails, it stops those that have started.
 *
 * @throws with the problem and the remedy in one sentence
 */
export async function startLocalPlatform(options: LocalPlatformOptions): Promise<LocalPlatform> {
  const { root, fresh, trace, log } = options;
  const { port, release } = await reservePort(options.port);
  const dataDirectory = openDataDirectory(options.dataDirectory, root);
  const lock = await lockDirectory(dataDirectory);
  const stops: (() => Promise<void>)[] = [() => lock.release(), release];
  const stop = async () => {
    const failures: unknown[] = [];
    // One failure must not keep the others running.
    for (const each of stops.splice(0).reverse()) await each().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    const databaseDirectory = join(dataDirectory, dataEntries.postgres);
    if (fresh) {
      await stopLeftoverPostgres(databaseDirectory);
      removeData(dataDirectory);
    }
    const siteDirectory = buildSite(root, log);
    const programs = await buildPrograms(root, log);
    const logs = {
      database: openLogFile(dataDirectory, 'database'),
      api: openLogFile(dataDirectory, 'api'),
      edge: openLogFile(dataDirectory, 'edge'),
    };
    stops.push(async () => {
      await Promise.all(Object.values(logs).map((file) => file.close()));
    });
    const postgres = await startEmbeddedPostgres({
      directory: databaseDirectory,
      settings: [`log_transaction_sample_rate=${trace ? 1 : 0}`],
      log: (text) => {
        logs.database.write(text);
      },
    });
    stops.push(() => postgres.stop());
    const apiKeyFile = keyFile(join(dataDirectory, dataEntries.apiKey), generateApiKey);
    const operatorKeyFile = keyFile(join(dataDirectory, dataEntries.operatorKey), generateOperatorKey);
    const [webhookKeyFile, clientSecretFile, personPasswordFile] = [
      keyFile(join(dataDirectory, dataEntries.webhookKey), randomSecret),
      keyFile(join(dataDirectory, dataEntries.clientSecret), randomSecret),
      keyFile(join(dataDirectory, dataEntries.personPassword), () => randomBytes(12).toString('base64url')),
    ];
    const logins = await prepareDatabase(postgres, dataDirectory);
    await runToCompletion(join(programs, 'migrate.js'), {
      ...environment(postgres, 'administrator', logins.administrator),
      API_KEY_FILE: apiKeyFile,
      OPERATOR_KEY_FILE: operatorKeyFile,
    });
    await logins.setApiPassword();
    const merchantId = await demoMerchant(postgres);
    const documents = await startDocumentServer(join(dataDirectory, dataEntries.documents));
    stops.push(documents.stop);
    if (logins.isNew && !options.empty)
      await addDemoData(postgres, logins.api, merchantId, { ...documents, retentionDays: documentRetentionDays });
    const consoleOrigin = `http://localhost:${port}`;
    const personPassword = readFileSync(personPasswordFile, 'utf8');
    const identity = await startIdentityServer({
      consoleOrigin,
      clientSecret: readFileSync(clientSecretFile, 'utf8'),
      password: personPassword,
      merchantId,
    });
    stops.push(() => identity.stop());
    const apiLog = (line: string) => {
      logs.api.write(`${line}\n`);
      if (line.includes('"message":"span"')) log(line);
    };
    const api = await startApi(join(programs, 'server.js'), apiLog, {
      ...environment(postgres, 'payments_api', logins.api),
      ...(trace && { TRACING: 'console', TRACING_SAMPLE_PERCENT: '100' }),
      ...(options.stripeKeyFile !== undefined && { STRIPE_KEY_FILE: options.stripeKeyFile }),
      ...(options.stripeKeyFile === undefined && { SIMULATOR_ORIGIN: consoleOrigin }),
      DOCUMENT_DIRECTORY: documents.directory,
      DOCUMENT_ADDRESS: documents.address,
      DOCUMENT_RETENTION_DAYS: String(documentRetentionDays),
      WEBHOOK_KEY_FILE: webhookKeyFile,
      LOOPBACK_WEBHOOKS: 'true',
      SESSION_COOKIE: `session-${port}`,
      OIDC_ISSUER: identity.issuer,
      OIDC_CLIENT_ID: localClientId,
      OIDC_CLIENT_SECRET_FILE: clientSecretFile,
      OIDC_REDIRECT_BASE: consoleOrigin,
    });
    stops.push(() => api.service.stop());
    const edge = await buildEdge({
      siteDirectory,
      apiUrl: api.url,
      securityHeaders: securityHeaders(root, documents.address),
      referenceHeaders: headersOf(root, 'reference-headers.json'),
      runtimeConfiguration: {
        apiBaseUrl: '/api/v1',
        environmentName: 'local',
        demoTokens: true,
        documents: true,
        personSignIn: true,
      },
      logger: createLogger('info', 'local', logs.edge),
    });
    stops.push(() => edge.close());
    await release();
    // Browsers accept a Secure cookie on `localhost` and treat it as a secure context.
    const address = await edge.listen({ host: '127.0.0.1', port });
    return {
      url: address.replace('127.0.0.1', 'localhost'),
      apiKey: readFileSync(apiKeyFile, 'utf8'),
      personPassword,
      ended: Promise.race([api.service.ended, postgres.ended, ...Object.values(logs).map(({ failed }) => failed)]),
      stop,
    };
  } catch (error) {
    await stop();
    throw storageError(error, dataDirectory);
  }
}

/** The id of the merchant of the demo key. */
function demoMerchant(postgres: EmbeddedPostgres): Promise<string> {
  return asSuperuser(postgres, 'payments', async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'SELECT id FROM payments.merchants ORDER BY created_at LIMIT 1',
    );
    if (!rows[0]) throw new Error('The database has no demo merchant.');
    return rows[0].id;
  });
}

/** The database variables of a process of the local platform. */
function environment({ host, port }: EmbeddedPostgres, user: string, passwordFile: string): Record<string, string> {
  return {
    ENVIRONMENT_NAME: 'local',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: 'payments',
    DATABASE_USER: user,
    DATABASE_AUTHENTICATION: 'password-file',
    DATABASE_PASSWORD_FILE: passwordFile,
    DATABASE_TLS: 'disable',
  };
}

/** Starts the document server before the API, because the API signs URLs with its address. */
async function startDocumentServer(directory: string) {
  const server = await buildDocumentServer(DocumentDirectory.prepare(directory));
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  return { directory, address, stop: () => server.close() };
}

async function startApi(
  program: string,
  log: (line: string) => void,
  variables: Readonly<Record<string, string>>,
): Promise<{ service: Service; url: string }> {
  const ownVariables = {
    ...variables,
    LOG_LEVEL: 'info',
    BIND_ADDRESS: '127.0.0.1',
    PORT: '0',
    TLS: 'off',
    COOKIE_SECURE: 'false',
  };
  const service = await startService(program, ownVariables, log);
  return { service, url: service.address };
}
