import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsEndpoint } from './aws-endpoint.ts';
import type { TestDatabase } from './database.ts';
import type { FifoQueue } from './fifo-queue.ts';

/** The dependencies of the queue consumer. */
export interface ConsumerResources {
  readonly database: Pick<TestDatabase, 'host' | 'port' | 'name'>;
  readonly aws: AwsEndpoint;
  readonly queue: FifoQueue;
  readonly deadLetters: FifoQueue;
  /** The directory of its password file. */
  readonly directory: string;
}

/** Returns the environment variables of the queue consumer. */
export function consumerEnvironment(resources: ConsumerResources): Readonly<Record<string, string>> {
  const { database, aws, queue, deadLetters, directory } = resources;
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, 'worker');
  // The SDK uses the host of the queue URL as endpoint.
  const urlOf = ({ name }: FifoQueue) => `${aws.environment['AWS_ENDPOINT_URL'] ?? ''}/111122223333/${name}`;
  return {
    ...aws.environment,
    ENVIRONMENT_NAME: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_USER: 'payments_worker',
    DATABASE_AUTHENTICATION: 'password-file',
    DATABASE_PASSWORD_FILE: passwordFile,
    DATABASE_TLS: 'disable',
    EVENT_QUEUE_URL: urlOf(queue),
    DEAD_LETTER_QUEUE_URL: urlOf(deadLetters),
    MAX_RECEIVE_COUNT: '3',
  };
}
