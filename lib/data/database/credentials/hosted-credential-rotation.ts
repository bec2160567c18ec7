import { Duration } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { HostedRotation, type ISecret, RotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmDefinition } from '../../../constructs/alarm-definition';
import type { ResourceNames } from '../../../core/resource-names';
import { addOutput } from '../../../core/add-output';
import { type NetworkResources, vpcConfigOf } from '../../../network/network-resources';

export interface HostedCredentialRotationProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  /** The administrator secret, attached to its database. */
  readonly secret: ISecret;
  readonly rotationDays: number;
}

/**
 * Rotates the administrator password with AWS's rotation function for PostgreSQL. A CloudFormation transform creates the function and its
 * role in a nested stack. It runs in the VPC, with a security group that reaches the database and Secrets Manager.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-secretsmanager.html
 */
export class HostedCredentialRotation extends Construct {
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: HostedCredentialRotationProps) {
    super(scope, id);
    const { names, network, secret, rotationDays } = props;
    const { vpc, subnets, securityGroup } = vpcConfigOf(network, 'rotation');
    const functionName = names.of('function', 'credential-rotation');
    // Otherwise Lambda creates the log group, which is unencrypted and outlives the function.
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: `/aws/lambda/${functionName}` });
    const schedule = new RotationSchedule(this, 'Schedule', {
      secret,
      hostedRotation: HostedRotation.postgreSqlSingleUser({
        functionName,
        vpc,
        vpcSubnets: subnets,
        securityGroups: [securityGroup],
      }),
      automaticallyAfter: Duration.days(rotationDays),
      // The first password is random already, and a rotation during the deployment would race with migrations.
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(logGroup);
    addOutput(this, 'AdministratorSecretArn', secret.secretArn);
    addOutput(this, 'CredentialRotationLogGroupName', logGroup.logGroupName);
    this.alarms = [
      {
        id: 'credential-rotation',
        severity: 'ticket',
        meaning: 'The administrator password could not be rotated. The current one stays valid.',
        firstLook: 'Look at the log of the rotation function.',
        metric: new Metric({
          namespace: 'AWS/Lambda',
          metricName: 'Errors',
          statistic: Stats.SUM,
          period: Duration.hours(1),
          dimensionsMap: { FunctionName: functionName },
        }),
        threshold: 1,
      },
    ];
  }
}
