import { type Environment, readEnvironment, type ServiceEnvironment } from '../environment.ts';
import { VariableReader } from '../variable-reader.ts';

/** The environment variables of the queue consumer: those of the API, and the queues. */
export type ConsumerEnvironment = ServiceEnvironment & Readonly<Record<QueueVariable, string>>;

type QueueVariable = 'EVENT_QUEUE_URL' | 'DEAD_LETTER_QUEUE_URL' | 'MAX_RECEIVE_COUNT';

/** The parsed environment variables of the queue consumer. */
export interface ConsumerSettings {
  readonly environment: Environment;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The `maxReceiveCount` of the queue's redrive policy. */
  readonly maxReceiveCount: number;
}

/** @throws EnvironmentError with every problem: variable, value and remedy */
export function readConsumerSettings(variables: Readonly<Record<string, string | undefined>>): ConsumerSettings {
  const environment = readEnvironment(variables);
  const reader = new VariableReader<QueueVariable, 'MAX_RECEIVE_COUNT'>(variables, { MAX_RECEIVE_COUNT: undefined });
  const settings = {
    environment,
    queueUrl: reader.required('EVENT_QUEUE_URL'),
    deadLetterQueueUrl: reader.required('DEAD_LETTER_QUEUE_URL'),
    maxReceiveCount: reader.integer('MAX_RECEIVE_COUNT', 1, 1000),
  };
  reader.throwIfInvalid();
  return settings;
}
