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

/** What the forwarding is told. */
export interface AccessLogForwardingProps {
  readonly names: ResourceNames;
  /** Where the load balancer writes its log files. */
  readonly bucket: IAccessLogBucket;
}

const purpose = 'access-log-forwarding';
const maxEventAge = Duration.hours(6);

/**
 * The load balancer's access logs in CloudWatch Logs as well: one JSON event per request, minutes after the load balancer wrote its file.
 *
 * Load balancers themselves write to S3 only. The files stay there as they are; the log group holds them without query strings and without
 * what could be a card number or a credential.
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
    // No grant of CDK reads a stream back without reading every group's list of them.
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:GetLogEvents', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    acceptFindings(handler, [wildcardResource(this, files)], {
      reason: 'The load balancer names each log file anew; their names cannot be known beforehand.',
      compensatingControl: 'It may read access logs of this account in this bucket, and nothing else.',
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
    // Deleted before the bucket is emptied, or it would look for files that are gone, and raise its alarm.
    handler.node.addDependency(bucket);

    addOutput(this, 'AccessLogGroupName', logGroup.logGroupName);
    addOutput(this, 'AccessLogForwardingFunctionName', lambda.functionName);
    addOutput(this, 'AccessLogForwardingLogGroupName', lambda.logGroup.logGroupName);
    addOutput(this, 'AccessLogForwardingDeadLetterQueueUrl', deadLetters.queue.queueUrl);
    this.alarms = [incompleteForwarding(names, deadLetters)];
  }
}

/** What is missing for good. A failure that a later attempt heals is none. */
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
