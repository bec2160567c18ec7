import { Annotations, Duration } from 'aws-cdk-lib';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  type CfnListenerRule,
  DesyncMitigationMode,
  type IApplicationListener,
  type IApplicationLoadBalancer,
  type IApplicationTargetGroup,
  ListenerAction,
  ApplicationListenerRule,
  Protocol,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ServiceConfig } from '../config/deployment-profile';
import type { ResourceNames } from '../core/resource-names';
import type { NetworkResources } from '../network/network-resources';
import { containerPort } from '../network/service-ports';
import { AccessLogBucket, type IAccessLogBucket } from '../constructs/access-log-bucket';
import type { ApiDomain } from './api-domain';
import type { ListenerAccess } from '../ingress/listener-access';

export interface LoadBalancerProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly healthCheck: ServiceConfig['healthCheck'];
  readonly listenerAccess: ListenerAccess;
  readonly domain: ApiDomain | undefined;
  readonly logRetentionDays: number;
}

/**
 * The load balancer in the public subnets. It forwards accepted requests to the API and returns 403 for all others.
 *
 * Listener, rule and target groups must render the same at every deployment. CodeDeploy or ECS changes their targets, and CloudFormation
 * would reset them with any other change.
 */
export class LoadBalancer extends Construct {
  readonly loadBalancer: IApplicationLoadBalancer;
  readonly accessLogs: IAccessLogBucket;
  readonly listener: IApplicationListener;
  readonly listenerRule: ApplicationListenerRule;
  readonly apiRule: CfnListenerRule;
  readonly blue: IApplicationTargetGroup;
  readonly green: IApplicationTargetGroup;
  /** `app/NAME/ID`, the dimension of its metrics. */
  readonly fullName: string;
  /** `targetgroup/NAME/ID` of blue and green. */
  readonly targetGroupFullNames: readonly string[];

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { names, network, domain, healthCheck, listenerAccess, logRetentionDays } = props;
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs', {
      names,
      purpose: 'alb-logs',
      writer: 'Elastic Load Balancing',
      retentionDays: logRetentionDays,
    });
    const loadBalancer = new ApplicationLoadBalancer(this, 'Alb', {
      loadBalancerName: names.of('alb'),
      vpc: network.vpc,
      vpcSubnets: network.publicSubnets,
      securityGroup: network.securityGroups.loadBalancer,
      internetFacing: listenerAccess.isInternetFacing,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      deletionProtection: false,
    });
    acceptFindings(loadBalancer, ['PCI.DSS.321-ALBWAFEnabled'], {
      reason:
        'The web ACL is in the edge tier, where the rule does not see it. It protects CloudFront or this load balancer.',
      compensatingControl:
        'A test checks the web ACL. If it protects CloudFront, the listener forwards only requests with CloudFront’s secret header.',
    });
    loadBalancer.logAccessLogs(this.accessLogs);
    // Deletes the load balancer before the bucket is emptied, so that it cannot write again.
    loadBalancer.node.addDependency(this.accessLogs);
    this.loadBalancer = loadBalancer;
    this.fullName = loadBalancer.loadBalancerFullName;

    const targetGroup = (colour: 'blue' | 'green') =>
      new ApplicationTargetGroup(this, colour === 'blue' ? 'Blue' : 'Green', {
        targetGroupName: names.of('target-group', colour),
        vpc: network.vpc,
        targetType: TargetType.IP,
        protocol: ApplicationProtocol.HTTPS,
        port: containerPort,
        deregistrationDelay: Duration.seconds(30),
        healthCheck: {
          path: '/health',
          protocol: Protocol.HTTPS,
          interval: Duration.seconds(healthCheck.intervalSeconds),
          timeout: Duration.seconds(5),
          unhealthyThresholdCount: healthCheck.failuresBeforeReplacement,
          healthyThresholdCount: 2,
          healthyHttpCodes: '200',
        },
      });
    const [blue, green] = [targetGroup('blue'), targetGroup('green')];
    this.blue = blue;
    this.green = green;
    this.targetGroupFullNames = [blue.targetGroupFullName, green.targetGroupFullName];

    this.listener = loadBalancer.addListener('Listener', {
      ...(domain
        ? {
            port: 443,
            protocol: ApplicationProtocol.HTTPS,
            certificates: [domain.certificate],
            sslPolicy: SslPolicy.RECOMMENDED_TLS,
          }
        : { port: 80, protocol: ApplicationProtocol.HTTP }),
      open: false,
      defaultAction: ListenerAction.fixedResponse(403, { contentType: 'text/plain', messageBody: 'Forbidden' }),
    });
    const rule = new ApplicationListenerRule(this, 'ApiRule', {
      listener: this.listener,
      priority: 1,
      conditions: [listenerAccess.condition],
      action: ListenerAction.forward([blue]),
    });
    // The rule may forward to either target group when it is deleted, and a target group in use cannot be deleted.
    rule.node.addDependency(blue, green);
    this.listenerRule = rule;
    this.apiRule = rule.node.defaultChild as CfnListenerRule;
    if (listenerAccess.transforms) this.apiRule.transforms = listenerAccess.transforms;
    if (!domain) this.#acceptUnencryptedHop(listenerAccess.from);
    // An internal load balancer needs no public record, because API Gateway connects to it by its ARN.
    else if (listenerAccess.isInternetFacing) domain.pointTo(loadBalancer);
  }

  #acceptUnencryptedHop(from: string): void {
    Annotations.of(this).addWarningV2(
      'payment-platform:unencrypted-origin',
      `Without -c domainName, the connection from ${from} to the load balancer uses HTTP, because no certificate can be issued for it. Pass domainName and hostedZoneId for end-to-end TLS.`,
    );
    acceptFindings(
      this.listener,
      ['PCI.DSS.321-ALBHttpToHttpsRedirection', 'PCI.DSS.321-ELBv2ACMCertificateRequired'],
      {
        reason: 'No certificate can be issued for the default DNS name of a load balancer, and no domain was passed.',
        compensatingControl: `Only ${from} reaches the port, its clients use HTTPS, and synthesis prints a warning. With a domain, the connection uses HTTPS.`,
      },
    );
  }
}
