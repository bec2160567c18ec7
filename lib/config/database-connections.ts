import type { DeploymentProfile } from './deployment-profile';

/** Concurrent batches of the payment consumer, and database connections of each. */
export const queueConsumerCapacity = { batches: 10, connectionsPerBatch: 2 } as const;

/** The maximum number of database connections in normal operation: tasks and payment consumer. */
export function expectedConnections({ service, paymentQueue }: DeploymentProfile): number {
  // During a deployment, blue and green tasks run at the same time.
  const ofTasks = 2 * service.maxTasks * service.databaseConnectionsPerTask;
  const { batches, connectionsPerBatch } = queueConsumerCapacity;
  return ofTasks + (paymentQueue ? batches * connectionsPerBatch : 0);
}
