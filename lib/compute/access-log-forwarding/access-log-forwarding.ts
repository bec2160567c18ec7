import { Aws, Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';
import type { IAccessLogBucket } from '../../constructs/access-log-bucket';
import { addOutput } from '../../core/add-output';
import { DeadLetters } from './dead-letters';
import { leftOutMetric, variables } from './forwarding-contract';

export interface AccessLogForwardingProps {
  readonly names: ResourceNames;
  /** The bucket that the load balancer writes its log files to. */
  readonly bucket: IAccessLogBucket;
}

const purpose = 'access-log-forwarding';
const maxEventAge = Duration.hours(6);

/**
 * Forwards the load balancer's access logs to CloudWatch Logs: one JSON event per request, within minutes.
 *
 * Load balancers write access logs to S3 only. The files in the bucket stay unchanged. The log events omit query strings and anything that
 * may be a card number or a credential.
 */
export class AccessLogForwarding extends Construct {
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: AccessLogForwardingProps) {
    super(scope, id);
    const { names, bucket } = props;
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: names.of('log-group', 'alb-access') });
    const ruleName = names.of('rule', purpose);
    const deadLetters = new DeadLetters(this, 'DeadLetters', { names, purpose, ruleName });
    const handler = new HandlerFunction(this, 'Handler', {
      names,
      purpose,
      source: 'compute/access-log-forwarding/access-log-forwarding.lambda.ts',
      description: 'Forwards access logs of the load balancer to CloudWatch Logs',
      timeout: Duration.minutes(5),
      environment: { [variables.logGroupName]: logGroup.logGroupName, [variables.environmentName]: names.suffix },
    });
    const { function: lambda } = handler;
    const files = bucket.arnForObjects(`AWSLogs/${Aws.ACCOUNT_ID}/elasticloadbalancing/*`);
    lambda.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [files] }));
    // CDK's grantRead would also allow listing the streams of every log group.
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:GetLogEvents', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    acceptFindings(handler, [wildcardResource(this, files)], {
      reason: 'Each log file has a new name, which is unknown at deployment.',
      compensatingControl: 'The role reads only access logs of this account in this bucket.',
    });
    lambda.configureAsyncInvoke({ retryAttempts: 2, maxEventAge });
    deadLetters.receiveFailuresOf(lambda);

    bucket.announceObjects();
    new Rule(this, 'Rule', {
      ruleName,
      description: 'Forwards each new access log file of the load balancer',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: Match.suffix('.log.gz') } },
      },
      targets: [new LambdaFunction(lambda, { deadLetterQueue: deadLetters.queue, retryAttempts: 8, maxEventAge })],
    });
    // Deletes the function before the bucket is emptied. Otherwise it would look for deleted files and raise its alarm.
    handler.node.addDependency(bucket);

    addOutput(this, 'AccessLogGroupName', logGroup.logGroupName);
    addOutput(this, 'AccessLogForwardingFunctionName', lambda.functionName);
    addOutput(this, 'AccessLogForwardingLogGroupName', lambda.logGroup.logGroupName);
    addOutput(this, 'AccessLogForwardingDeadLetterQueueUrl', deadLetters.queue.queueUrl);
    this.alarms = [incompleteForwarding(names, deadLetters)];
  }
}

/** Fires only for log lines that are lost permanently, not for failures that a retry resolves. */
function incompleteForwarding(names: ResourceNames, { queue }: DeadLetters): AlarmDefinition {
  const period = Duration.minutes(5);
  return {
    id: purpose,
    severity: 'ticket',
    meaning: 'Access logs of the load balancer are missing from their log group. The bucket still has them.',
    firstLook: 'Look at the log of the forwarding function.',
    metric: new MathExpression({
      label: 'log files and lines not forwarded',
      period,
      expression: 'FILL(files, 0) + FILL(lines, 0) + FILL(lost, 0)',
      usingMetrics: {
        files: queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period }),
        lines: new Metric({
          namespace: leftOutMetric.namespace,
          metricName: leftOutMetric.name,
          statistic: Stats.SUM,
          period,
          dimensionsMap: { Environment: names.suffix },
        }),
        lost: new Metric({
          namespace: 'AWS/Lambda',
          metricName: 'DeadLetterErrors',
          statistic: Stats.SUM,
          period,
          dimensionsMap: { FunctionName: names.of('function', purpose) },
        }),
      },
    }),
    threshold: 1,
  };
}
