import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

/** What the domain of the load balancer is told. */
export interface ApiDomainProps {
  readonly domainName: string;
  readonly zone: IHostedZone;
  /** @default - a new certificate, validated by DNS in the zone */
  readonly certificateArn: string | undefined;
}

/**
 * The name under which the edge calls the load balancer, and the certificate that makes the hop trustworthy.
 *
 * CloudFront forwards the viewer's Host header and accepts a certificate for that name or for the origin's; this one covers both.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
 */
export class ApiDomain extends Construct {
  readonly certificate: ICertificate;
  readonly originHost: string;
  readonly #zone: IHostedZone;

  constructor(scope: Construct, id: string, props: ApiDomainProps) {
    super(scope, id);
    const { domainName, zone, certificateArn } = props;
    this.#zone = zone;
    this.originHost = `origin.${domainName}`;
    this.certificate =
      certificateArn === undefined
        ? new Certificate(this, 'Certificate', {
            domainName,
            subjectAlternativeNames: [this.originHost],
            validation: CertificateValidation.fromDns(zone),
          })
        : Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
  }

  /** Lets the origin's name point to the load balancer. */
  pointTo(loadBalancer: IApplicationLoadBalancer): void {
    new ARecord(this, 'Origin', {
      zone: this.#zone,
      recordName: this.originHost,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
    });
  }
}
