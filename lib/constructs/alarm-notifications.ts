import { ArnFormat, Aws, type Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { ResourceNames } from '../core/resource-names';

/** The purpose of the topic for alarms of the home region. */
export const homeTopicPurpose = 'alarms';

export interface AlarmNotificationsProps {
  readonly names: ResourceNames;
  /** Distinguishes the topics of several stacks. */
  readonly purpose: string;
  /** The e-mail address to subscribe. @default - no subscription */
  readonly email: string | undefined;
}

/** The encrypted SNS topic that the alarms of a stack publish to. */
export class AlarmNotifications extends Construct {
  readonly action: IAlarmAction;
  readonly topicArn: string;

  constructor(scope: Construct, id: string, props: AlarmNotificationsProps) {
    super(scope, id);
    const { names, purpose, email } = props;
    const key = new Key(this, 'Key', {
      alias: `alias/${names.of('key', purpose)}`,
      description: 'Encrypts the alarm notifications of the payment platform',
    });
    const ofThisAccount = { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } };
    // Without this statement CloudWatch silently drops every notification (aws-cdk issue 11121).
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsMayEncrypt',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        ...ofThisAccount,
      }),
    );
    const topic = new Topic(this, 'Topic', { topicName: names.of('topic', purpose), masterKey: key, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsMayPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        ...ofThisAccount,
      }),
    );
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    this.action = new SnsAction(topic);
    this.topicArn = topic.topicArn;
  }

  /**
   * An action that publishes to the topic of the home region by its name, for stacks that are deployed before the topic. CloudWatch
   * accepts a topic that does not exist yet and drops notifications until it does.
   */
  static homeAction(stack: Stack, names: ResourceNames): IAlarmAction {
    const alarmActionArn = stack.formatArn({
      service: 'sns',
      resource: names.of('topic', homeTopicPurpose),
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
    return { bind: () => ({ alarmActionArn }) };
  }
}
