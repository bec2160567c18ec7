import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ComputeResources } from '../compute/compute-resources';
import { raiseAlarm } from '../conventions/alarm-definition';
import { AlarmNotifications } from '../conventions/alarm-notifications';
import { createHostedZone } from '../conventions/create-hosted-zone';
import { PlatformStack, type PlatformStackProps } from '../conventions/platform-stack';
import { ConsoleSite } from './console-site';
import { createWebAcl } from './create-web-acl';
import { distributionAlarms, distributionMetrics } from './edge-alarms';
import type { EdgeResources } from './edge-resources';
import { builtFrontend } from './frontend-build';
import { SiteDomain } from './site-domain';
import type { WebAcl } from './web-acl';

/** CloudFront's own region: its web ACL, viewer certificate and log delivery exist nowhere else. */
const cloudFrontRegion = 'us-east-1';

/** What the edge stack is given. */
export interface EdgeStackProps extends PlatformStackProps {
  readonly compute: ComputeResources;
  /** The folder with the built console. @default - built from `frontend/` */
  readonly siteDirectory?: string;
}

/** The fourth tier: what every request passes before it reaches the load balancer. */
export class EdgeStack extends PlatformStack implements EdgeResources {
  readonly url: string;
  readonly metrics: EdgeResources['metrics'];

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, props, {
      tier: 'edge',
      description: 'Payment platform: web ACLs, CloudFront, merchant console',
      region: EdgeStack.regionOf(props.settings),
    });
    const { names } = this;
    const { origin } = props.compute;
    const { errorRatePercent } = props.settings.profile.observability;

    const balancerAcl = this.#balancerAcl(props);
    const siteAcl = this.#siteAcl(props);
    const site = this.#site(props, siteAcl);
    const siteMetrics = site && distributionMetrics(site.distribution);
    const webAcls = [balancerAcl, siteAcl].filter((acl) => acl !== undefined);

    const notifications = new AlarmNotifications(this, 'Notifications', {
      names,
      purpose: 'edge-alarms',
      email: props.settings.alarmEmail,
    });
    const alarms = siteMetrics ? distributionAlarms(siteMetrics, errorRatePercent) : [];
    for (const alarm of [...alarms, ...webAcls.flatMap((acl) => acl.alarms)]) {
      raiseAlarm(this, alarm, names, notifications.action);
    }
    this.metrics = {
      requests: siteMetrics?.requests,
      serverErrorPercent: siteMetrics?.serverErrorPercent,
      blockedRequests: webAcls.map((acl) => acl.blockedRequests),
    };
    this.url = site?.url ?? `${origin.protocol}://${origin.host}`;
    new CfnOutput(this, 'Url', { value: this.url });
  }

  /** Where the edge stands: with CloudFront in CloudFront's region, otherwise at home. */
  static regionOf({ profile, region }: PlatformStackProps['settings']): string {
    return profile.site ? cloudFrontRegion : region;
  }

  /** Before the load balancer itself, where the internet reaches it without CloudFront. */
  #balancerAcl({ settings: { profile }, compute: { origin } }: EdgeStackProps): WebAcl | undefined {
    if (!profile.webAcl || origin.secretHeader) return undefined;
    const acl = createWebAcl(this, 'ApiWebAcl', profile.webAcl, {
      names: this.names,
      scope: 'REGIONAL',
      purpose: 'api',
    });
    acl.protect('LoadBalancer', origin.loadBalancerArn);
    return acl;
  }

  #siteAcl({ settings: { profile } }: EdgeStackProps): WebAcl | undefined {
    if (!profile.webAcl || !profile.site) return undefined;
    return createWebAcl(this, 'WebAcl', profile.webAcl, { names: this.names, scope: 'CLOUDFRONT', purpose: 'edge' });
  }

  #site(props: EdgeStackProps, webAcl: WebAcl | undefined): ConsoleSite | undefined {
    const { compute, settings } = props;
    const { domain, environmentSuffix, profile } = settings;
    if (!profile.site) return undefined;
    return new ConsoleSite(this, 'Console', {
      names: this.names,
      origin: compute.origin,
      webAcl,
      domain:
        domain &&
        new SiteDomain(this, 'Domain', {
          domainName: domain.domainName,
          zone: createHostedZone(this, 'Zone', domain, this.names),
        }),
      assetMaxAgeDays: profile.site.assetMaxAgeDays,
      siteDirectory: props.siteDirectory ?? builtFrontend(),
      runtimeConfiguration: { apiBaseUrl: '/api/v1', environmentName: environmentSuffix, demoTokens: true },
    });
  }
}
