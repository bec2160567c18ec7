import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { OriginResources } from '../compute/compute-resources';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import type { ResourceNames } from '../core/resource-names';
import { AccessLogs } from './access-logs';
import { OriginSecretValue } from './origin-secret-value';
import type { MarkHeader } from './proxy-mark';
import { SiteBucket } from './site-bucket';
import { SiteDistribution } from './site-distribution';
import type { SiteDomain } from './site-domain';
import { SiteFiles } from './site-files';
import type { WebAcl } from './web-acl';

/** What the site is told. */
export interface ConsoleSiteProps {
  readonly names: ResourceNames;
  readonly origin: OriginResources;
  readonly domain: SiteDomain | undefined;
  /** What marks CloudFront's requests where the load balancer admits others too. */
  readonly mark: MarkHeader | undefined;
  readonly webAcl: WebAcl | undefined;
  readonly assetMaxAgeDays: number;
  /** The folder with the built console. */
  readonly siteDirectory: string;
  readonly runtimeConfiguration: Readonly<Record<string, unknown>>;
  /** Where pages may send requests besides their own origin. */
  readonly connectTo: readonly string[];
}

/** The merchant console in a bucket, and the distribution that serves it and passes requests for the API on. */
export class ConsoleSite extends Construct {
  readonly distribution: IDistribution;
  readonly alarms: readonly AlarmDefinition[];
  /** Where a browser opens it. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ConsoleSiteProps) {
    super(scope, id);
    const { names, origin, domain, mark, webAcl, assetMaxAgeDays, siteDirectory, runtimeConfiguration, connectTo } =
      props;
    const key = new Key(this, 'Key', {
      alias: `alias/${names.of('key', 'site')}`,
      description: 'Encrypts the files of the merchant console',
    });
    const bucket = new SiteBucket(this, 'Bucket', { names, key });
    const { distribution } = new SiteDistribution(this, 'Site', {
      names,
      bucket,
      domain,
      assetMaxAgeDays,
      origin,
      originHeaders: this.#originHeaders(names, origin, mark),
      webAclArn: webAcl?.arn,
      connectTo,
    });
    new AccessLogs(this, 'AccessLogs', { names, distribution });
    new SiteFiles(this, 'Files', {
      names,
      bucket,
      key,
      distribution,
      siteDirectory,
      assetMaxAgeDays,
      runtimeConfiguration,
    });
    this.distribution = distribution;
    this.alarms = domain?.alarms ?? [];
    this.url = `https://${domain?.domainName ?? distribution.distributionDomainName}`;
  }

  /** What makes the load balancer let CloudFront pass, or its web ACL know CloudFront's requests. */
  #originHeaders(
    names: ResourceNames,
    { secretHeader }: OriginResources,
    mark: MarkHeader | undefined,
  ): Record<string, string> {
    if (!secretHeader) return mark ? { [mark.name]: mark.value } : {};
    const { value } = new OriginSecretValue(this, 'OriginSecret', { names, secret: secretHeader.secret });
    return { [secretHeader.name]: value };
  }
}
