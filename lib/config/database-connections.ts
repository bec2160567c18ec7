import type { DeploymentProfile } from './deployment-profile';

/** How many batches the consumer of the payment queue works on at the same time, and how many connections each of them may hold. */
export const queueConsumerCapacity = { batches: 10, connectionsPerBatch: 2 } as const;

/** What everything that connects to the database in normal operation may hold together. */
export function expectedConnections({ service, paymentQueue }: DeploymentProfile): number {
  // During a deployment both colours run.
  const ofTasks = 2 * service.maxTasks * service.databaseConnectionsPerTask;
  const { batches, connectionsPerBatch } = queueConsumerCapacity;
  return ofTasks + (paymentQueue ? batches * connectionsPerBatch : 0);
}
