import {
  BasePathMapping,
  type CfnDomainName,
  DomainName,
  EndpointType,
  type IRestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { certificateExpiry } from '../../constructs/certificate-expiry';
import { stageName } from './exposed-operations';
import type { Truststore } from './truststore';

export interface ApiDomainNameProps {
  readonly domainName: string;
  readonly zone: IHostedZone;
  /** A certificate for the domain name. @default - a new one with DNS validation */
  readonly certificateArn: string | undefined;
  /** Certificate authorities of clients. @default - no mutual TLS */
  readonly truststore: Truststore | undefined;
  readonly api: IRestApi;
}

/** The custom domain name of the API Gateway. With a truststore, it requires mutual TLS. */
export class ApiDomainName extends Construct {
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: ApiDomainNameProps) {
    super(scope, id);
    const { domainName, zone, certificateArn, truststore, api } = props;
    const certificate =
      certificateArn === undefined
        ? new Certificate(this, 'Certificate', { domainName, validation: CertificateValidation.fromDns(zone) })
        : Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    const domain = new DomainName(this, 'Name', {
      domainName,
      certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...(truststore && { mtls: truststore }),
    });
    if (truststore && certificateArn !== undefined) this.#proveOwnership(domain, props);
    new BasePathMapping(this, 'Mapping', {
      domainName: domain,
      restApi: api,
      stage: api.deploymentStage,
      basePath: stageName,
    });
    const record = {
      zone,
      recordName: domainName,
      target: RecordTarget.fromAlias(new ApiGatewayDomain(domain)),
    };
    new ARecord(this, 'Ipv4', record);
    this.alarms = [certificateExpiry('api-certificate-expiry', certificate, 'of the API Gateway')];
  }

  /**
   * With mutual TLS and an imported certificate, API Gateway requires an ACM-issued certificate as proof of domain ownership. Synthesis
   * cannot distinguish imported certificates, so each certificate that is passed gets this proof.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
   */
  #proveOwnership(domain: DomainName, { domainName, zone }: ApiDomainNameProps): void {
    const proof = new Certificate(this, 'Ownership', {
      domainName,
      validation: CertificateValidation.fromDns(zone),
    });
    (domain.node.defaultChild as CfnDomainName).ownershipVerificationCertificateArn = proof.certificateArn;
  }
}
