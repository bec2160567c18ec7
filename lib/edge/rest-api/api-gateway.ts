import { Annotations, Stack } from 'aws-cdk-lib';
import { type IVpcLink, VpcLink as RestApiVpcLink } from 'aws-cdk-lib/aws-apigateway';
import { VpcLink } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { OriginResources } from '../../compute/compute-resources';
import type { PlatformSettings } from '../../config/platform-settings';
import type { ApiGatewayConfig } from '../../config/deployment-profile';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import type { ResourceNames } from '../../core/resource-names';
import { addOutput } from '../../core/add-output';
import type { NetworkResources } from '../../network/network-resources';
import { AccountLogging } from './account-logging';
import { ApiDomainName } from './api-domain-name';
import { createClientIdentity } from './create-client-identity';
import { createExposure } from './create-exposure';
import { createThrottles } from './create-throttles';
import { UsagePlan } from './usage-plan';
import { PaymentsRestApi } from './payments-rest-api';
import { restApiAlarms, type RestApiMetrics, restApiMetrics } from './rest-api-metrics';
import { Truststore } from './truststore';

/** Ids of Availability Zones without VPC links, by region. The zone name of an id differs between accounts. */
const zonesWithoutVpcLinks: Readonly<Record<string, string>> = {
  'us-east-1': 'use1-az3',
  'ap-northeast-2': 'apne2-az4',
};

export interface ApiGatewayProps {
  readonly names: ResourceNames;
  readonly config: ApiGatewayConfig;
  readonly settings: PlatformSettings;
  readonly network: NetworkResources;
  readonly origin: OriginResources;
  /** The hosted zone of the domain. @default - clients use the `execute-api` endpoint */
  readonly zone: IHostedZone | undefined;
}

/** The API Gateway with domain name, usage plan, throttles and the VPC link to the load balancer. */
export class ApiGateway extends Construct {
  /** The URL without a path: `https://pay.example.com`. */
  readonly url: string;
  /** Whether clients must present a certificate. */
  readonly requiresCertificate: boolean;
  readonly stageArn: string;
  readonly apiKeyId: string;
  /** `undefined` without a canary. */
  readonly canaryKeyId: string | undefined;
  /** Maximum requests of an API key in any minute. */
  readonly requestsPerMinutePerKey: number;
  readonly metrics: RestApiMetrics;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: ApiGatewayProps) {
    super(scope, id);
    const { names, config, settings, network, origin, zone } = props;
    const { domain, profile, truststorePath, certificateArn } = settings;
    const identity = createClientIdentity(config);
    const throttles = createThrottles(config);
    const { api } = new PaymentsRestApi(this, 'RestApi', {
      names,
      origin,
      vpcLink: this.#vpcLink(names, network, settings),
      throttle: throttles.operation,
      headers: { 'x-request-id': 'context.requestId', ...identity.headers },
      hasDefaultEndpoint: domain === undefined,
      mutualTls: identity.requiresCertificate,
      tracing: profile.observability.tracing !== undefined,
      exposure: createExposure(config, profile.acquirer, identity.requiresCertificate),
    });
    // The whole API depends on it, so that it is deleted before the role looks for remaining APIs.
    api.node.addDependency(new AccountLogging(this, 'AccountLogging', { names }));
    // New subnets replace the VPC link under the same logical id. The deployment must change too, or it keeps the previous link.
    api.latestDeployment?.addToLogicalId(network.appSubnets.subnets?.map(({ subnetId }) => subnetId));
    const plan = new UsagePlan(this, 'MerchantPlan', { names, api, throttle: throttles.key });
    const domainName =
      domain && zone
        ? new ApiDomainName(this, 'Domain', {
            domainName: domain.domainName,
            zone,
            certificateArn,
            truststore:
              identity.requiresCertificate && truststorePath !== undefined
                ? new Truststore(this, 'Truststore', { names, path: truststorePath })
                : undefined,
            api,
          })
        : undefined;

    this.metrics = restApiMetrics(names);
    this.alarms = [
      ...restApiAlarms(this.metrics, profile.observability.errorRatePercent),
      ...(domainName?.alarms ?? []),
    ];
    const { region, urlSuffix } = Stack.of(this);
    this.url = `https://${domain?.domainName ?? `${api.restApiId}.execute-api.${region}.${urlSuffix}`}`;
    this.requiresCertificate = domainName !== undefined && identity.requiresCertificate;
    this.stageArn = api.deploymentStage.stageArn;
    this.apiKeyId = plan.apiKeyId;
    this.canaryKeyId = profile.canary && plan.addCanaryKey();
    this.requestsPerMinutePerKey = throttles.key.burstLimit + 60 * throttles.key.rateLimit;
  }

  #vpcLink(names: ResourceNames, network: NetworkResources, settings: PlatformSettings): IVpcLink {
    const { vpcLink: group } = network.securityGroups;
    if (!group) throw new Error('The network has no security group for a VPC link. Set ingress.kind to api-gateway.');
    const link = new VpcLink(this, 'VpcLink', {
      vpc: network.vpc,
      vpcLinkName: names.of('vpc-link'),
      subnets: network.appSubnets,
      securityGroups: [group],
    });
    addOutput(this, 'VpcLinkId', link.vpcLinkId);
    const without = zonesWithoutVpcLinks[settings.region];
    if (without !== undefined && !settings.availabilityZones) {
      Annotations.of(link).addWarningV2(
        'payment-platform:zone-without-vpc-link',
        `VPC links do not exist in ${without}. If it is one of the first ${settings.profile.network.availabilityZoneCount} zones of your account (see aws ec2 describe-availability-zones), pass other zones with -c availabilityZones=… before the first deployment.`,
      );
    }
    return RestApiVpcLink.fromVpcLinkId(this, 'Link', link.vpcLinkId);
  }
}
