import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import { PlatformRole } from '../../core/platform-role';
import type { ResourceNames } from '../../core/resource-names';
import type { LoadBalancer } from '../load-balancer';

/** What the role is limited to. */
export interface EcsLoadBalancerRoleProps {
  readonly names: ResourceNames;
  readonly loadBalancer: LoadBalancer;
}

/**
 * What ECS may do with the load balancer: register tasks with both target groups, and move the traffic of one listener rule.
 *
 * AWS's own AmazonECSInfrastructureRolePolicyForLoadBalancers grants the same on every load balancer of the account.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
export class EcsLoadBalancerRole extends PlatformRole {
  constructor(scope: Construct, id: string, props: EcsLoadBalancerRoleProps) {
    const { names, loadBalancer } = props;
    super(scope, id, {
      names,
      purpose: 'ecs-load-balancer',
      description: 'Lets ECS register the tasks of the payments API and move its traffic',
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
    });
    const { blue, green, listener, apiRule } = loadBalancer;
    const allow = (actions: string[], resources: string[]) => {
      this.addToPolicy(new PolicyStatement({ actions, resources }));
    };
    allow(
      ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
      [blue.targetGroupArn, green.targetGroupArn],
    );
    allow(['elasticloadbalancing:ModifyListener'], [listener.listenerArn]);
    allow(['elasticloadbalancing:ModifyRule'], [apiRule.attrRuleArn]);
    allow(
      [
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
      ],
      ['*'],
    );
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason: 'The describe calls of load balancing support no narrower resource.',
      compensatingControl: 'They only read; what changes something is granted for this load balancer.',
    });
  }
}
