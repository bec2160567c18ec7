import { ArnFormat, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ResourceNames } from '../../core/resource-names';

export interface DeadLettersProps {
  readonly names: ResourceNames;
  readonly purpose: string;
  /** The name of the rule whose undeliverable events the queue receives. A reference would be circular, because the rule refers to the queue. */
  readonly ruleName: string;
}

/**
 * The dead-letter queue for events that EventBridge could not deliver and for events that the function failed on.
 *
 * In both cases the message body is the event itself, so one command processes either again.
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
    // Without this statement EventBridge silently drops undeliverable events.
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

  /** Makes this queue the dead-letter queue of `handler`. */
  receiveFailuresOf(handler: LambdaFunction): void {
    // CDK's grantSendMessages allows kms:GenerateDataKey* with a wildcard.
    handler.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }));
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.#keyArn] }),
    );
    // An on-failure destination was rejected: it wraps the event, so failures would have two formats.
    const resource = handler.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error(`${handler.node.path} is not a function of this stack.`);
    resource.deadLetterConfig = { targetArn: this.queue.queueArn };
  }
}
