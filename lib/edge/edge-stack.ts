import { CfnOutput } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ComputeResources } from '../compute/compute-resources';
import { raiseAlarm } from '../conventions/alarm-definition';
import { AlarmNotifications } from '../conventions/alarm-notifications';
import { createHostedZone } from '../conventions/create-hosted-zone';
import { PlatformStack, type PlatformStackProps } from '../conventions/platform-stack';
import { AccessLogs } from './access-logs';
import { createWebAcl } from './create-web-acl';
import { edgeAlarms, edgeMetrics } from './edge-alarms';
import type { EdgeResources } from './edge-resources';
import { builtFrontend } from './frontend-build';
import { OriginSecretValue } from './origin-secret-value';
import { SiteBucket } from './site-bucket';
import { SiteDistribution } from './site-distribution';
import { SiteDomain } from './site-domain';
import { SiteFiles } from './site-files';

/** CloudFront's own region: its web ACL, viewer certificate and log delivery exist nowhere else. */
const cloudFrontRegion = 'us-east-1';

/** What the edge stack is given. */
export interface EdgeStackProps extends PlatformStackProps {
  readonly compute: ComputeResources;
  /** The folder with the built console. @default - built from `frontend/` */
  readonly siteDirectory?: string;
}

/** The fourth tier: the only way in. */
export class EdgeStack extends PlatformStack implements EdgeResources {
  readonly url: string;
  readonly metrics: EdgeResources['metrics'];

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, props, {
      tier: 'edge',
      description: 'Payment platform: CloudFront, web ACL, merchant console',
      region: EdgeStack.regionOf(props.settings),
    });
    const { names } = this;
    const { compute, settings, siteDirectory = builtFrontend() } = props;
    const { profile, environmentSuffix, alarmEmail } = settings;
    const assetMaxAgeDays = profile.site?.assetMaxAgeDays ?? 1;

    const domain =
      settings.domain &&
      new SiteDomain(this, 'Domain', {
        domainName: settings.domain.domainName,
        zone: createHostedZone(this, 'Zone', settings.domain),
      });
    const webAcl = profile.webAcl && createWebAcl(this, 'WebAcl', profile.webAcl, names);
    const siteKey = new Key(this, 'SiteKey', {
      alias: `alias/${names.of('key', 'site')}`,
      description: 'Encrypts the files of the merchant console',
    });
    const bucket = new SiteBucket(this, 'SiteBucket', { names, key: siteKey });
    const originSecret = new OriginSecretValue(this, 'OriginSecret', { names, secret: compute.origin.secret });
    const { distribution } = new SiteDistribution(this, 'Site', {
      names,
      bucket,
      domain,
      assetMaxAgeDays,
      origin: compute.origin,
      originSecretValue: originSecret.value,
      webAclArn: webAcl?.arn,
    });
    new AccessLogs(this, 'AccessLogs', { names, distribution });
    new SiteFiles(this, 'SiteFiles', {
      names,
      bucket,
      key: siteKey,
      distribution,
      siteDirectory,
      assetMaxAgeDays,
      runtimeConfiguration: { apiBaseUrl: '/api/v1', environmentName: environmentSuffix, demoTokens: true },
    });
    const notifications = new AlarmNotifications(this, 'Notifications', {
      names,
      purpose: 'edge-alarms',
      email: alarmEmail,
    });
    this.metrics = edgeMetrics(distribution, webAcl?.name ?? 'none');
    for (const alarm of edgeAlarms(this.metrics, profile.observability.errorRatePercent)) {
      raiseAlarm(this, alarm, names, notifications.action);
    }
    this.url = `https://${domain?.domainName ?? distribution.distributionDomainName}`;
    new CfnOutput(this, 'Url', { value: this.url });
  }

  /** Where the edge stands: with CloudFront in CloudFront's region, otherwise at home. */
  static regionOf({ profile, region }: PlatformStackProps['settings']): string {
    return profile.site ? cloudFrontRegion : region;
  }
}
