import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecretsManagerRotationEventStep } from 'aws-lambda';
import { vi } from 'vitest';
import { handler } from '../../src/api-key-rotation.ts';
import type { LoginEnvironment } from '../../src/db/login-settings.ts';
import { findPrincipals, type Principal } from '../../src/merchants/merchant-repository.ts';
import { digest, ensureMerchantWithKey } from '../../src/merchants/merchant-repository.ts';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { steps } from './rotation-harness.ts';
import { SecretStore } from './secret-store.ts';

/** The secret with the first API key. */
export const keySecretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:first-api-key-AbCdEf';

/** A database with a merchant, a fake Secrets Manager with its key, and the rotation function. */
export class ApiKeyRotationHarness {
  readonly database: TestDatabase;
  readonly store: SecretStore;
  readonly #aws: AwsEndpoint;
  readonly #folder = mkdtempSync(join(tmpdir(), 'key-rotation-'));

  private constructor(database: TestDatabase, store: SecretStore, aws: AwsEndpoint) {
    this.database = database;
    this.store = store;
    this.#aws = aws;
  }

  /** Starts the servers and configures this process to use them. */
  static async start(): Promise<ApiKeyRotationHarness> {
    const store = new SecretStore();
    const harness = new ApiKeyRotationHarness(await createTestDatabase(), store, await startAwsEndpoint(store.answer));
    for (const [name, value] of Object.entries(harness.#environment())) vi.stubEnv(name, value);
    return harness;
  }

  #environment(): Readonly<Record<string, string>> {
    const { host, port, name } = this.database;
    const passwordFile = join(this.#folder, 'password');
    writeFileSync(passwordFile, 'key-rotation');
    return {
      ...this.#aws.environment,
      ENVIRONMENT_NAME: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_HOST: host,
      DATABASE_PORT: String(port),
      DATABASE_NAME: name,
      DATABASE_TLS: 'disable',
      DATABASE_AUTHENTICATION: 'password-file',
      DATABASE_PASSWORD_FILE: passwordFile,
    } satisfies LoginEnvironment;
  }

  /** Restores the state after the first deployment: the secret has a generated key, and the database its digest. */
  async reset(key: string): Promise<string> {
    this.store.rotationEnabled = true;
    this.store.create(keySecretArn, key);
    const client = await this.database.administrator.connect();
    try {
      return await ensureMerchantWithKey(client, 'First merchant', key);
    } finally {
      client.release();
    }
  }

  /** The key of the version with a staging label. */
  key(label = 'AWSCURRENT'): string {
    return this.store.text(keySecretArn, label) ?? '';
  }

  /** Invokes the rotation function. */
  step(name: SecretsManagerRotationEventStep, token: string): Promise<void> {
    return handler({ Step: name, SecretId: keySecretArn, ClientRequestToken: token });
  }

  /** Starts a rotation and runs the given steps. Returns its token. */
  async rotate(through: readonly SecretsManagerRotationEventStep[] = steps): Promise<string> {
    const token = this.store.beginRotation(keySecretArn);
    for (const name of through) await this.step(name, token);
    return token;
  }

  /** Authenticates a key as the API does. */
  async holderOf(key: string): Promise<Principal | undefined> {
    const [principal] = await findPrincipals(this.database.api, [{ kind: 'key', digest: digest(key) }]);
    return principal;
  }

  async stop(): Promise<void> {
    vi.unstubAllEnvs();
    rmSync(this.#folder, { recursive: true });
    await this.#aws.close();
    await this.database.drop();
  }
}
