import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { certificateExpiry } from '../constructs/certificate-expiry';

export interface ApiDomainProps {
  readonly domainName: string;
  readonly zone: IHostedZone;
  /** Host label in front of the domain. @default - the load balancer uses the domain name itself */
  readonly hostLabel: string | undefined;
  /** @default - a new certificate with DNS validation */
  readonly certificateArn: string | undefined;
}

/**
 * The host name and the certificate of the load balancer.
 *
 * CloudFront forwards the Host header of the viewer and accepts a certificate for that name or for the origin's. This one covers both.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
 */
export class ApiDomain extends Construct {
  readonly certificate: ICertificate;
  /** The host name of the load balancer. */
  readonly host: string;
  readonly alarms: readonly AlarmDefinition[];
  readonly #zone: IHostedZone;

  constructor(scope: Construct, id: string, props: ApiDomainProps) {
    super(scope, id);
    const { domainName, hostLabel, zone, certificateArn } = props;
    this.#zone = zone;
    this.host = hostLabel === undefined ? domainName : `${hostLabel}.${domainName}`;
    this.certificate =
      certificateArn === undefined
        ? new Certificate(this, 'Certificate', {
            domainName,
            ...(this.host !== domainName && { subjectAlternativeNames: [this.host] }),
            validation: CertificateValidation.fromDns(zone),
          })
        : Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    this.alarms = [certificateExpiry('load-balancer-certificate-expiry', this.certificate, 'of the load balancer')];
  }

  /** Creates the alias record of the load balancer. */
  pointTo(loadBalancer: IApplicationLoadBalancer): void {
    new ARecord(this, 'Origin', {
      zone: this.#zone,
      recordName: this.host,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
    });
  }
}
