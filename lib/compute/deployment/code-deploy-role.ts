import { Aws, Stack } from 'aws-cdk-lib';
import type { ITaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import { PlatformRole } from '../../core/platform-role';
import type { ResourceNames } from '../../core/resource-names';

export interface CodeDeployRoleProps {
  readonly names: ResourceNames;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly listenerArn: string;
  readonly loadBalancerFullName: string;
  readonly task: ITaskDefinition;
}

/**
 * The service role of CodeDeploy, limited to the task sets of this service and the traffic of this load balancer.
 *
 * AWS's managed policy AWSCodeDeployRoleForECS was rejected: it allows all services, load balancers and roles of the account.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/codedeploy_IAM_role.html
 */
export class CodeDeployRole extends PlatformRole {
  constructor(scope: Construct, id: string, props: CodeDeployRoleProps) {
    const { names, clusterName, serviceName, listenerArn, loadBalancerFullName, task } = props;
    super(scope, id, {
      names,
      purpose: 'code-deploy',
      description: 'Lets CodeDeploy replace the tasks of the payments API and move its traffic',
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    const stack = Stack.of(this);
    const ecsArn = (resource: string) =>
      stack.formatArn({ service: 'ecs', resource, resourceName: `${clusterName}/${serviceName}` });
    const taskSets = `${ecsArn('task-set')}/*`;
    const rules = stack.formatArn({
      service: 'elasticloadbalancing',
      resource: 'listener-rule',
      resourceName: `${loadBalancerFullName}/*`,
    });
    const allow = (actions: string[], resources: string[]) => {
      this.addToPolicy(new PolicyStatement({ actions, resources }));
    };
    allow(
      ['ecs:DescribeServices', 'ecs:CreateTaskSet', 'ecs:UpdateServicePrimaryTaskSet', 'ecs:DeleteTaskSet'],
      [ecsArn('service'), taskSets],
    );
    allow(['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'], [listenerArn, rules]);
    allow(
      [
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetHealth',
        'cloudwatch:DescribeAlarms',
      ],
      ['*'],
    );
    const { executionRole, taskRole } = task;
    this.addToPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [taskRole, ...(executionRole ? [executionRole] : [])].map(({ roleArn }) => roleArn),
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
    );
    acceptFindings(this, [wildcardResource(this, taskSets), wildcardResource(this, rules)], {
      reason: 'The ids of task sets and rules are unknown at deployment.',
      compensatingControl: 'The wildcards are limited to one service and one load balancer.',
    });
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason:
        'The describe actions of Elastic Load Balancing and CloudWatch alarms support no resource-level permissions.',
      compensatingControl: 'They only read. Write actions are limited to this service and load balancer.',
    });
  }
}
