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
import type { ListenerAccess } from './listener-access';

/** What the load balancer is told. */
export interface LoadBalancerProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly healthCheck: ServiceConfig['healthCheck'];
  readonly listenerAccess: ListenerAccess;
  readonly domain: ApiDomain | undefined;
  readonly logRetentionDays: number;
}

/**
 * The load balancer in the public subnets: it forwards the requests that are admitted to the API, and answers 403 to all else.
 *
 * The listener, its rule and both target groups render the same at every deployment: what they forward to is moved by CodeDeploy, and
 * CloudFormation would move it back whenever it saw a difference.
 */
export class LoadBalancer extends Construct {
  readonly loadBalancer: IApplicationLoadBalancer;
  readonly accessLogs: IAccessLogBucket;
  readonly listener: IApplicationListener;
  readonly apiRule: CfnListenerRule;
  readonly blue: IApplicationTargetGroup;
  readonly green: IApplicationTargetGroup;
  /** `app/NAME/ID`, the dimension under which it reports. */
  readonly fullName: string;
  /** `targetgroup/NAME/ID` of both colours. */
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
        'The web ACL stands in the edge tier, where the rule does not see it: before CloudFront, or associated with this balancer.',
      compensatingControl:
        'A test checks that it stands there; where it stands before CloudFront, the listener forwards only what carries its secret header.',
    });
    loadBalancer.logAccessLogs(this.accessLogs);
    // Deleted before the bucket is emptied, or it would fill the bucket again.
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
    // It may forward to either colour when it is deleted, and a group that a rule forwards to cannot be.
    rule.node.addDependency(blue, green);
    this.apiRule = rule.node.defaultChild as CfnListenerRule;
    if (listenerAccess.transforms) this.apiRule.transforms = listenerAccess.transforms;
    if (!domain) this.#acceptUnencryptedHop(listenerAccess.from);
    // What is reached from within the VPC only needs no public record: who calls it knows it by its ARN.
    else if (listenerAccess.isInternetFacing) domain.pointTo(loadBalancer);
  }

  #acceptUnencryptedHop(from: string): void {
    Annotations.of(this).addWarningV2(
      'payment-platform:unencrypted-origin',
      `Without -c domainName the hop from ${from} to the load balancer is plain HTTP, because no certificate can be trusted there. Pass domainName and hostedZoneId for TLS end to end.`,
    );
    acceptFindings(
      this.listener,
      ['PCI.DSS.321-ALBHttpToHttpsRedirection', 'PCI.DSS.321-ELBv2ACMCertificateRequired'],
      {
        reason: 'No certificate can be issued for the name that AWS gives a load balancer, and no domain was passed.',
        compensatingControl: `Only ${from} reaches the port, its clients use HTTPS, and synthesis warns; with a domain the hop is HTTPS.`,
      },
    );
  }
}
