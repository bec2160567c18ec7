import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ComputeResources } from '../compute/compute-resources';
import type { WebAclConfig } from '../config/deployment-profile';
import { alarmArn, createAlarm } from '../constructs/alarm-definition';
import { AlarmNotifications } from '../constructs/alarm-notifications';
import { createHostedZone } from '../constructs/create-hosted-zone';
import { PlatformStack, type PlatformStackProps } from '../core/platform-stack';
import type { IDocumentBucket } from '../data/data-resources';
import { AvailabilityProbe } from './availability/availability-probe';
import { probeTargets } from './availability/probe-targets';
import { ConsoleSite } from './console-site';
import type { NetworkResources } from '../network/network-resources';
import { createOwnRules } from './create-own-rules';
import { distributionAlarms, distributionMetrics } from './distribution-metrics';
import type { EdgeResources } from './edge-resources';
import { builtFrontend } from './frontend-build';
import { ApiGateway } from './rest-api/api-gateway';
import { createThrottles } from './rest-api/create-throttles';
import { type MarkHeader, ProxyMark } from './proxy-mark';
import { SiteDomain } from './site-domain';
import { WebAcl, type WebAclProps } from './web-acl';
import { type RequestLimits, type WebAclRule, webAclRules } from './web-acl-rules';

/** The region of CloudFront's web ACL, viewer certificate and log delivery. */
const cloudFrontRegion = 'us-east-1';

export interface EdgeStackProps extends PlatformStackProps {
  readonly network: NetworkResources;
  readonly compute: ComputeResources;
  /** The bucket that the console uploads documents to. @default - no documents */
  readonly documents?: IDocumentBucket | undefined;
  /** The directory of the built console. @default - built from `frontend/` */
  readonly siteDirectory?: string;
}

/** The fourth tier: web ACLs, CloudFront or API Gateway, and the merchant console. */
export class EdgeStack extends PlatformStack implements EdgeResources {
  readonly url: string;
  readonly canaryGatewayKeyId: string | undefined;
  readonly alarmArns: readonly string[];
  readonly metrics: EdgeResources['metrics'];
  /** Custom rules, shared by web ACLs of the same scope. */
  readonly #ownRules: Partial<Record<WebAclProps['scope'], readonly WebAclRule[]>> = {};

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, props, {
      tier: 'edge',
      description: 'Payment platform: web ACLs, CloudFront or API Gateway, merchant console',
      region: EdgeStack.regionOf(props.settings),
    });
    const { names } = this;
    const { origin } = props.compute;
    const { errorRatePercent } = props.settings.profile.observability;

    const { site: hasSite } = props.settings.profile;
    const mark = hasSite && !origin.secretHeader ? new ProxyMark(this, 'ProxyMark', { names }).header : undefined;
    const balancerAcl = this.#balancerAcl(props, mark);
    const siteAcl = this.#siteAcl(props);
    const site = this.#site(props, siteAcl, mark);
    const siteMetrics = site && distributionMetrics(site.distribution);
    const apiGateway = this.#apiGateway(props);
    const apiGatewayAcl = apiGateway && this.#apiGatewayAcl(props, apiGateway);
    const webAcls = [balancerAcl, siteAcl, apiGatewayAcl].filter((acl) => acl !== undefined);

    const probe = props.settings.profile.observability.availabilityProbe
      ? new AvailabilityProbe(this, 'AvailabilityProbe', {
          names,
          targets: probeTargets({ site: site?.url, apiGateway, origin }),
        })
      : undefined;

    const notifications = new AlarmNotifications(this, 'Notifications', {
      names,
      purpose: 'edge-alarms',
      email: props.settings.alarmEmail,
    });
    const alarms = [
      ...(siteMetrics ? distributionAlarms(siteMetrics, errorRatePercent) : []),
      ...(site?.alarms ?? []),
      ...(apiGateway?.alarms ?? []),
      ...(probe?.alarms ?? []),
      ...webAcls.flatMap((acl) => acl.alarms),
    ];
    for (const alarm of alarms) createAlarm(this, alarm, names, notifications.action);
    this.alarmArns = alarms.map((alarm) => alarmArn(this, alarm, names));
    new CfnOutput(this, 'AlarmTopicArn', { value: notifications.topicArn });
    this.metrics = {
      requests: siteMetrics?.requests ?? apiGateway?.metrics.requests,
      serverErrorPercent: siteMetrics?.serverErrorPercent ?? apiGateway?.metrics.serverErrorPercent,
      clientErrorPercent: apiGateway?.metrics.clientErrorPercent,
      latencyP99Seconds: apiGateway?.metrics.latencyP99Seconds,
      blockedRequests: webAcls.map((acl) => acl.blockedRequests),
    };
    this.canaryGatewayKeyId = apiGateway?.canaryKeyId;
    this.url = site?.url ?? apiGateway?.url ?? `${origin.protocol}://${origin.host}`;
    new CfnOutput(this, 'Url', { value: this.url });
    new CfnOutput(this, 'ApiUrl', { value: `${this.url}/api/v1` });
    if (apiGateway) {
      new CfnOutput(this, 'ApiKeyId', { value: apiGateway.apiKeyId });
      new CfnOutput(this, 'ApiKeyRequestsPerMinute', { value: String(apiGateway.requestsPerMinutePerKey) });
    }
  }

  /** The region of the stack: us-east-1 with CloudFront, otherwise the home region. */
  static regionOf({ profile, region }: PlatformStackProps['settings']): string {
    return profile.site ? cloudFrontRegion : region;
  }

  /** The web ACL of the load balancer, if it is public or behind an API Gateway. */
  #balancerAcl(props: EdgeStackProps, uncounted: MarkHeader | undefined): WebAcl | undefined {
    const {
      settings: { profile },
      compute: { origin },
    } = props;
    if (!profile.webAcl || origin.secretHeader) return undefined;
    // Behind an API Gateway, all requests come from a few addresses. A limit per address would block all clients.
    const limits = profile.apiGateway ? undefined : { ...profile.webAcl, uncounted };
    const acl = this.#webAcl('ApiWebAcl', profile.webAcl, { scope: 'REGIONAL', purpose: 'api' }, limits);
    acl.protect('LoadBalancer', origin.loadBalancerArn);
    return acl;
  }

  #siteAcl({ settings: { profile } }: EdgeStackProps): WebAcl | undefined {
    if (!profile.webAcl || !profile.site) return undefined;
    return this.#webAcl('WebAcl', profile.webAcl, { scope: 'CLOUDFRONT', purpose: 'edge' }, profile.webAcl);
  }

  #apiGatewayAcl({ settings: { profile } }: EdgeStackProps, { stageArn }: ApiGateway): WebAcl | undefined {
    if (!profile.webAcl || !profile.apiGateway) return undefined;
    const { requestsPerMinutePerKey } = createThrottles(profile.apiGateway);
    const limits = { ...profile.webAcl, requestsPerMinutePerKey };
    const acl = this.#webAcl('WebAcl', profile.webAcl, { scope: 'REGIONAL', purpose: 'edge' }, limits);
    acl.protect('Stage', stageArn);
    return acl;
  }

  #webAcl(
    id: string,
    { form }: WebAclConfig,
    props: Pick<WebAclProps, 'scope' | 'purpose'>,
    limits: RequestLimits | undefined,
  ): WebAcl {
    const { names } = this;
    const { scope } = props;
    const rulesId = scope === 'CLOUDFRONT' ? 'SiteRules' : 'RegionalRules';
    const own = (this.#ownRules[scope] ??= createOwnRules(this, rulesId, form, { scope, names }));
    return new WebAcl(this, id, { ...props, names, rules: webAclRules({ own, ...(limits && { limits }) }) });
  }

  #apiGateway({ settings, network, compute }: EdgeStackProps): ApiGateway | undefined {
    const { domain, profile } = settings;
    if (!profile.apiGateway) return undefined;
    const { names } = this;
    return new ApiGateway(this, 'Entrance', {
      names,
      config: profile.apiGateway,
      settings,
      network,
      origin: compute.origin,
      zone: domain && createHostedZone(this, 'Zone', domain, names),
    });
  }

  #site(props: EdgeStackProps, webAcl: WebAcl | undefined, mark: MarkHeader | undefined): ConsoleSite | undefined {
    const { compute, documents, settings } = props;
    const { domain, environmentSuffix, profile } = settings;
    if (!profile.site) return undefined;
    return new ConsoleSite(this, 'Console', {
      names: this.names,
      origin: compute.origin,
      mark,
      webAcl,
      domain:
        domain &&
        new SiteDomain(this, 'Domain', {
          domainName: domain.domainName,
          zone: createHostedZone(this, 'Zone', domain, this.names),
        }),
      assetMaxAgeDays: profile.site.assetMaxAgeDays,
      siteDirectory: props.siteDirectory ?? builtFrontend(),
      runtimeConfiguration: {
        apiBaseUrl: '/api/v1',
        environmentName: environmentSuffix,
        demoTokens: true,
        documents: documents !== undefined,
        ...(profile.signIn && { personSignIn: true }),
      },
      connectTo: documents ? [`https://${documents.regionalDomainName}`] : [],
    });
  }
}
