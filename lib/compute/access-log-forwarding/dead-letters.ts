import { ArnFormat, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ResourceNames } from '../../core/resource-names';

/** What the queue is told. */
export interface DeadLettersProps {
  readonly names: ResourceNames;
  readonly purpose: string;
  /** The rule whose undeliverable events come here. Its name only: the rule itself refers to the queue. */
  readonly ruleName: string;
}

/**
 * Where events end that could not be handled: those that EventBridge could not hand to the function, and those that the function failed on.
 *
 * Both write the event itself as the message's body, so that one command handles either again.
 */
export class DeadLetters extends Construct {
  readonly queue: IQueue;
  readonly #keyArn: string;

  constructor(scope: Construct, id: string, props: DeadLettersProps) {
    super(scope, id);
    const { names, purpose, ruleName } = props;
    const key = new Key(this, 'Key', {
      alias: `alias/${names.of('key', purpose)}`,
      description: 'Encrypts the names of log files that could not be forwarded',
    });
    const ruleArn = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: ruleName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    // Without this statement EventBridge drops what it cannot deliver, silently.
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'UndeliverableEventsMayBeEncrypted',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { ArnEquals: { 'aws:SourceArn': ruleArn }, StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    this.queue = new Queue(this, 'Queue', {
      queueName: names.of('dead-letter-queue', purpose),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#keyArn = key.keyArn;
  }

  /** Sends the events here that `handler` failed on for the last time. */
  receiveFailuresOf(handler: LambdaFunction): void {
    // CDK's own grant allows every kind of data key by a wildcard.
    handler.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }));
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.#keyArn] }),
    );
    // Not an on-failure destination: that wraps the event, and the same failure would come in two shapes.
    const resource = handler.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error(`${handler.node.path} is no function of this stack.`);
    resource.deadLetterConfig = { targetArn: this.queue.queueArn };
  }
}
