import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  type IQueue,
  Queue,
  QueueEncryption,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import type { ResourceNames } from '../../core/resource-names';
import type { QueueMetrics } from '../compute-resources';

export interface PaymentQueueProps {
  readonly names: ResourceNames;
  /** Receives after which SQS moves a message to the dead-letter queue. */
  readonly maxReceiveCount: number;
  /** The timeout of the consumer for a batch. */
  readonly consumerTimeout: Duration;
}

const period = Duration.minutes(1);
/** The maximum of SQS. */
const retentionPeriod = Duration.days(14);

/** The queue of payment events, in order per payment, and its dead-letter queue. */
export interface IPaymentQueue {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
  readonly maxReceiveCount: number;
  /** Grants `sqs:SendMessage` on the queue. */
  grantSend(producer: IGrantable): void;
  /** Grants `sqs:SendMessage` on the dead-letter queue. */
  grantSendToDeadLetterQueue(consumer: IGrantable): void;
}

/** The FIFO queue of payment events with its dead-letter queue and their KMS key. */
export class PaymentQueue extends Construct implements IPaymentQueue {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
  readonly maxReceiveCount: number;
  readonly metrics: QueueMetrics;
  readonly alarms: readonly AlarmDefinition[];
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: PaymentQueueProps) {
    super(scope, id);
    const { names, maxReceiveCount, consumerTimeout } = props;
    this.maxReceiveCount = maxReceiveCount;
    this.#key = new Key(this, 'Key', {
      alias: `alias/${names.of('key', 'payment-queue')}`,
      description: 'Encrypts the payment queue',
    });
    const shared = {
      fifo: true,
      // High throughput mode: limits apply to each payment, not to the whole queue.
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.#key,
      enforceSSL: true,
      retentionPeriod,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    // SQS requires this suffix for FIFO queues.
    const queueName = `${names.of('queue', 'payment')}.fifo`;
    const deadLetters = new Queue(this, 'DeadLetters', {
      ...shared,
      queueName: `${names.of('dead-letter-queue', 'payment')}.fifo`,
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        // By name, because a reference would be circular.
        sourceQueues: [
          Queue.fromQueueArn(this, 'Source', Stack.of(this).formatArn({ service: 'sqs', resource: queueName })),
        ],
      },
    });
    const queue = new Queue(this, 'Queue', {
      ...shared,
      queueName,
      // AWS recommends six times the function timeout.
      visibilityTimeout: Duration.seconds(6 * consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
    });
    this.queue = queue;
    this.deadLetters = deadLetters;
    this.metrics = {
      waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period, label: 'waiting' }),
      inFlight: queue.metricApproximateNumberOfMessagesNotVisible({
        statistic: Stats.MAXIMUM,
        period,
        label: 'in flight',
      }),
      oldestSeconds: queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period, label: 'oldest' }),
      deadLetters: deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period,
        label: 'dead letters',
      }),
    };
    this.alarms = queueAlarms(this.metrics);
  }

  grantSend(producer: IGrantable): void {
    this.#grantSendTo(this.queue, producer);
  }

  grantSendToDeadLetterQueue(consumer: IGrantable): void {
    this.#grantSendTo(this.deadLetters, consumer);
  }

  /** CDK's grantSendMessages would also allow reading queue attributes, and `kms:GenerateDataKey*` with a wildcard. */
  #grantSendTo({ queueArn }: IQueue, { grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] }));
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [this.#key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `sqs.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
  }
}

function queueAlarms({ deadLetters, oldestSeconds }: QueueMetrics): AlarmDefinition[] {
  return [
    {
      id: 'payment-dead-letters',
      severity: 'page',
      meaning: 'A payment event could not be processed and is in the dead-letter queue.',
      firstLook: 'Look at the message attribute Reason.',
      metric: deadLetters,
      threshold: 1,
    },
    {
      id: 'payment-queue-age',
      severity: 'page',
      meaning: 'A payment event has been in the queue for ten minutes.',
      firstLook: 'Look at the log of the payment consumer for timeouts of the acquirer or the database.',
      metric: oldestSeconds,
      threshold: 600,
      evaluationPeriods: 3,
    },
  ];
}
