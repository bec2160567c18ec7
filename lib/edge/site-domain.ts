import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { certificateExpiry } from '../constructs/certificate-expiry';

export interface SiteDomainProps {
  readonly domainName: string;
  readonly zone: IHostedZone;
}

/** The domain name of the distribution and its certificate. */
export class SiteDomain extends Construct {
  readonly certificate: ICertificate;
  readonly domainName: string;
  readonly alarms: readonly AlarmDefinition[];
  readonly #zone: IHostedZone;

  constructor(scope: Construct, id: string, props: SiteDomainProps) {
    super(scope, id);
    const { domainName, zone } = props;
    this.domainName = domainName;
    this.#zone = zone;
    this.certificate = new Certificate(this, 'Certificate', {
      domainName,
      validation: CertificateValidation.fromDns(zone),
    });
    this.alarms = [certificateExpiry('site-certificate-expiry', this.certificate, 'of CloudFront')];
  }

  /** Creates the alias records of the distribution, for IPv4 and IPv6. */
  pointTo(distribution: IDistribution): void {
    const record = {
      zone: this.#zone,
      recordName: this.domainName,
      target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
    };
    new ARecord(this, 'Ipv4', record);
    new AaaaRecord(this, 'Ipv6', record);
  }
}
