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

export interface ConsoleSiteProps {
  readonly names: ResourceNames;
  readonly origin: OriginResources;
  readonly domain: SiteDomain | undefined;
  /** The header that marks CloudFront's requests to a public load balancer. */
  readonly mark: MarkHeader | undefined;
  readonly webAcl: WebAcl | undefined;
  readonly assetMaxAgeDays: number;
  /** The directory of the built console. */
  readonly siteDirectory: string;
  readonly runtimeConfiguration: Readonly<Record<string, unknown>>;
  /** Further origins that pages may send requests to. */
  readonly connectTo: readonly string[];
}

/** The merchant console: its bucket and the distribution, which also forwards requests to the API. */
export class ConsoleSite extends Construct {
  readonly distribution: IDistribution;
  readonly alarms: readonly AlarmDefinition[];
  /** The URL of the console. */
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

  /** The secret headers by which the load balancer or its web ACL recognizes CloudFront. */
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
