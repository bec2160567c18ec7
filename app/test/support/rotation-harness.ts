import type { SecretsManagerRotationEventStep } from 'aws-lambda';
import pg from 'pg';
import { vi } from 'vitest';
import { handler } from '../../src/rotation.ts';
import type { RotationEnvironment } from '../../src/rotation/rotation-environment.ts';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { SecretStore } from './secret-store.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

/** The rotated secret. */
export const secretArn = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:connection-AbCdEf';

/** The secret of the administrator. */
export const administratorArn = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:administrator-AbCdEf';

/** The steps in the order in which Secrets Manager calls them. */
export const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** The JSON of a connection string secret. */
export interface SecretText {
  readonly engine: string;
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  readonly username: string;
  readonly password: string;
  readonly connectionString: string;
}

/** A PostgreSQL server for one test file, a fake Secrets Manager and the rotation function. */
export class RotationHarness {
  readonly server: TestServer;
  readonly store: SecretStore;
  readonly aws: AwsEndpoint;
  readonly superuser: pg.Pool;

  private constructor(server: TestServer, store: SecretStore, aws: AwsEndpoint) {
    const { host, port, user, password } = server;
    this.server = server;
    this.store = store;
    this.aws = aws;
    this.superuser = new pg.Pool({ host, port, user, password, database: 'payments', max: 2 });
    // Stopping the server terminates idle connections.
    this.superuser.on('error', () => undefined);
  }

  /** Starts the servers and configures this process to use them. */
  static async start(options: Omit<TestServerOptions, 'databaseName'> = {}): Promise<RotationHarness> {
    const server = await startTestServer({ databaseName: 'payments', ...options });
    const store = new SecretStore();
    const aws = await startAwsEndpoint(store.answer);
    const harness = new RotationHarness(server, store, aws);
    for (const [name, value] of Object.entries(harness.environment)) vi.stubEnv(name, value);
    store.create(administratorArn, '{"username":"administrator","password":"administrator"}');
    await harness.reset();
    return harness;
  }

  /** The environment variables of the rotation function. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...this.aws.environment,
      ENVIRONMENT_NAME: 'test',
      LOG_LEVEL: 'silent',
      ADMINISTRATOR_SECRET_ARN: administratorArn,
      DATABASE_HOST: this.server.host,
      DATABASE_PORT: String(this.server.port),
      DATABASE_NAME: 'payments',
      DATABASE_TLS: 'disable',
    } satisfies RotationEnvironment;
  }

  /** Restores the state after the first deployment: one login has a password, and the secret contains it. */
  async reset(password = 'the-password-of-the-first-deployment'): Promise<void> {
    await this.superuser.query(
      `ALTER ROLE payments_api LOGIN PASSWORD '${password}'; ALTER ROLE payments_api_alternate NOLOGIN PASSWORD NULL`,
    );
    this.store.rotationEnabled = true;
    this.store.create(secretArn, this.textFor('payments_api', password));
  }

  /** Returns the secret string for a login. */
  textFor(username: string, password: string): string {
    const { host, port } = this.server;
    const connectionString = `postgresql://${username}:${password}@${host}:${port}/payments?sslmode=disable`;
    return JSON.stringify({ engine: 'postgres', host, port, dbname: 'payments', username, password, connectionString });
  }

  /** Returns the parsed secret. */
  secret(label = 'AWSCURRENT'): SecretText {
    return JSON.parse(this.store.text(secretArn, label) ?? 'null') as SecretText;
  }

  /** Invokes the rotation function. */
  step(name: SecretsManagerRotationEventStep, token: string): Promise<void> {
    return handler({ Step: name, SecretId: secretArn, ClientRequestToken: token });
  }

  /** Starts a rotation and runs the given steps. Returns its token. */
  async rotate(through: readonly SecretsManagerRotationEventStep[] = steps): Promise<string> {
    const token = this.store.beginRotation(secretArn);
    for (const name of through) await this.step(name, token);
    return token;
  }

  /** Connects with this string and returns the login. @throws when the database rejects it */
  async whoIs(connectionString: string): Promise<string | undefined> {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      return (await client.query<{ name: string }>('SELECT current_user::text AS name')).rows[0]?.name;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    vi.unstubAllEnvs();
    await this.superuser.end();
    await this.aws.close();
    await this.server.stop();
  }
}
