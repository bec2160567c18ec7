import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import { PlatformRole } from '../../conventions/platform-role';
import type { ResourceNames } from '../../conventions/resource-names';

/** What the role is told. */
export interface AccountLogRoleProps {
  readonly names: ResourceNames;
}

/**
 * The role with which API Gateway writes its logs: one for the whole account and region, so that an account which has it already keeps its own
 * (`-c apiGatewayLogRole=existing`).
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class AccountLogRole extends Construct {
  constructor(scope: Construct, id: string, props: AccountLogRoleProps) {
    super(scope, id);
    const { names } = props;
    const role = new PlatformRole(this, 'Role', {
      names,
      purpose: 'api-gateway-logs',
      description: 'Lets API Gateway write its logs',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    });
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'));
    acceptFindings(
      role,
      [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      ],
      {
        reason: 'API Gateway takes a role for the whole account only if it holds what this policy of AWS grants.',
        compensatingControl:
          'Only API Gateway may use the role, and the permissions boundary lets it make no log group but those declared here.',
      },
    );
    // API Gateway tries the role out by writing into this group, which it would otherwise make, unencrypted and for ever.
    const welcome = new LogGroup(this, 'WelcomeLogs', { logGroupName: '/aws/apigateway/welcome' });
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.node.addDependency(welcome);
  }
}
