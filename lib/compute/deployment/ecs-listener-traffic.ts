import { CustomResource, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import { CustomResourceProvider } from '../../constructs/custom-resource-provider';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';
import type { LoadBalancer } from '../load-balancer';
import { type EcsListenerTrafficProperties, resourceTypes } from './deployment-steps-contract';
import { trafficState } from './listener-traffic';

/** What the traffic of the listener rule follows. */
export interface EcsListenerTrafficProps {
  readonly names: ResourceNames;
  readonly loadBalancer: LoadBalancer;
  readonly clusterName: string;
  readonly clusterArn: string;
  /** Not a reference to the service, which is updated only when its traffic is where ECS left it. */
  readonly serviceName: string;
}

/**
 * Puts the weights of the listener rule back to what ECS has, whenever CloudFormation has updated the rule or its listener.
 *
 * @see https://github.com/aws/aws-cdk/issues/36649
 */
export class EcsListenerTraffic extends Construct {
  constructor(scope: Construct, id: string, props: EcsListenerTrafficProps) {
    super(scope, id);
    const { names, loadBalancer, clusterName, clusterArn, serviceName } = props;
    const { apiRule, blue, green } = loadBalancer;
    const follow = new HandlerFunction(this, 'Follow', {
      names,
      purpose: 'listener-traffic',
      description: 'Leads the listener rule of the payments API to the tasks that serve',
      source: 'compute/deployment/ecs-listener-traffic.lambda.ts',
    });
    const ofService = (resource: string) =>
      Stack.of(this).formatArn({ service: 'ecs', resource, resourceName: `${clusterName}/${serviceName}` });
    const revisions = `${ofService('service-revision')}/*`;
    const deployments = `${ofService('service-deployment')}/*`;
    const rights = [
      allow(['ecs:DescribeServices'], [ofService('service')]),
      allow(['ecs:DescribeServiceRevisions'], [ofService('service'), revisions]),
      allow(['ecs:DescribeServiceDeployments'], [ofService('service'), deployments]),
      allow(['elasticloadbalancing:ModifyRule'], [apiRule.attrRuleArn]),
      allow(['elasticloadbalancing:DescribeRules'], ['*']),
    ].flatMap((statement) => follow.function.grantPrincipal.addToPrincipalPolicy(statement).policyDependable ?? []);
    acceptFindings(follow, [wildcardResource(follow, revisions), wildcardResource(follow, deployments)], {
      reason: 'The ids of revisions and deployments are not known before ECS makes them.',
      compensatingControl: 'The wildcards stand behind the one service, and the calls only read.',
    });
    acceptFindings(follow, ['AwsSolutions-IAM5[Resource::*]'], {
      reason: 'elasticloadbalancing:DescribeRules supports no resource.',
      compensatingControl: 'The call only reads.',
    });
    const provider = new CustomResourceProvider(this, 'Provider', {
      functionName: names.of('function', 'listener-traffic-provider'),
      onEvent: follow.function,
    });
    const traffic = new CustomResource(this, 'Traffic', {
      serviceToken: provider.serviceToken,
      resourceType: resourceTypes.listenerTraffic,
      properties: {
        ClusterArn: clusterArn,
        ServiceName: serviceName,
        ListenerRuleArn: apiRule.attrRuleArn,
        TargetGroupArns: [blue.targetGroupArn, green.targetGroupArn],
        ...trafficState(loadBalancer),
      } satisfies EcsListenerTrafficProperties,
    });
    traffic.node.addDependency(loadBalancer, ...rights);
  }
}

function allow(actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources });
}
