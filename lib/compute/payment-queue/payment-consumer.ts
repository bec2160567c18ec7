import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { ConsumerEnvironment } from '../../../app/src/queue/consumer-environment.ts' with {
  'resolution-mode': 'import',
};
import { queueConsumerCapacity } from '../../config/database-connections';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';
import { addOutput } from '../../core/add-output';
import type { DataResources } from '../../data/data-resources';
import { type NetworkResources, vpcConfigOf } from '../../network/network-resources';
import { tokenVariables } from '../../data/database/iam-login';
import type { TaskExtension } from '../task-extensions';
import type { IPaymentQueue } from './payment-queue';

export interface PaymentConsumerProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly data: DataResources;
  readonly queue: IPaymentQueue;
  readonly acquirer: TaskExtension;
}

/**
 * The function that processes asynchronous payments and all other payment events of the queue.
 *
 * It is idempotent per event. The connections of the database limit its concurrency.
 */
export class PaymentConsumer extends Construct {
  /** Timeout of a batch, above the timeouts of acquirer and database together. */
  static readonly timeout = Duration.seconds(30);

  readonly logGroupName: string;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: PaymentConsumerProps) {
    super(scope, id);
    const { names, network, data, queue, acquirer } = props;
    const { batches, connectionsPerBatch } = queueConsumerCapacity;
    const environment: ConsumerEnvironment = {
      ENVIRONMENT_NAME: names.suffix,
      ...tokenVariables(data.database, 'payments_worker'),
      DATABASE_POOL_SIZE: String(connectionsPerBatch),
      EVENT_QUEUE_URL: queue.queue.queueUrl,
      DEAD_LETTER_QUEUE_URL: queue.deadLetters.queueUrl,
      MAX_RECEIVE_COUNT: String(queue.maxReceiveCount),
      ...acquirer.environment,
    };
    const { function: lambda } = new HandlerFunction(this, 'Handler', {
      names,
      purpose: 'payment-consumer',
      description: 'Processes queued payments',
      source: 'app/worker',
      timeout: PaymentConsumer.timeout,
      environment: { ...environment },
      network: vpcConfigOf(network, 'payment-consumer'),
    });
    data.database.grantConnect(lambda, 'payments_worker');
    queue.grantSendToDeadLetterQueue(lambda);
    acquirer.grantTo?.(lambda);
    // Reserved concurrency was rejected: an account with a low concurrency quota does not allow it.
    lambda.addEventSource(
      new SqsEventSource(queue.queue, { batchSize: 10, maxConcurrency: batches, reportBatchItemFailures: true }),
    );
    this.logGroupName = lambda.logGroup.logGroupName;
    addOutput(this, 'PaymentConsumerLogGroupName', this.logGroupName);
    this.alarms = [
      {
        id: 'payment-consumer-errors',
        severity: 'ticket',
        meaning: 'The payment consumer ended without a result, and SQS delivers its batch again.',
        firstLook: 'Look at the log of the payment consumer.',
        metric: lambda.metricErrors({ period: Duration.minutes(5) }),
        threshold: 1,
      },
    ];
  }
}
