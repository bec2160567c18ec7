import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type CfnListenerRule, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import type { FirewallBindingProps, IIngress, IngressPeer } from './ingress';
import type { ListenerAccess } from './listener-access';

/**
 * An API Gateway puts the name of its stage, `api`, before the path of a private integration; so its documentation says, and its examples do without.
 * Here the API gets the same path either way.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
 */
const withoutStage: CfnListenerRule.TransformProperty = {
  type: 'url-rewrite',
  urlRewriteConfig: { rewrites: [{ regex: '^/api/(api/|health)(.*)$', replace: '/$1$2' }] },
};

/** An API Gateway reaches the internal load balancer through a VPC link. */
export class ApiGatewayIngress implements IIngress {
  bindToFirewall(scope: Construct, { names, vpc, port }: FirewallBindingProps): IngressPeer {
    const vpcLinkGroup = new SecurityGroup(scope, 'VpcLink', {
      vpc,
      description: 'VPC link: API Gateway to load balancer',
      securityGroupName: names.of('security-group', 'vpc-link'),
      allowAllOutbound: false,
    });
    return { peer: vpcLinkGroup, port, description: 'API Gateway to load balancer', isInternet: false, vpcLinkGroup };
  }

  bindToListener(): ListenerAccess {
    return {
      condition: ListenerCondition.pathPatterns(['/api/*', '/health']),
      isInternetFacing: false,
      from: 'API Gateway',
      transforms: [withoutStage],
      secretHeader: undefined,
      hostLabel: 'origin',
    };
  }
}
