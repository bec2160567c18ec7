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

/** What the name is told. */
export interface ApiDomainNameProps {
  readonly domainName: string;
  readonly zone: IHostedZone;
  /** A certificate for the name. @default - a new one, validated by DNS in the zone */
  readonly certificateArn: string | undefined;
  /** Whose clients are admitted. @default - clients show no certificate */
  readonly truststore: Truststore | undefined;
  readonly api: IRestApi;
}

/** The name under which clients call the API Gateway; with a truststore, whoever shows no certificate of it gets no connection. */
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
   * An imported certificate does not prove to API Gateway who owns the name; one that ACM issues does. Synthesis cannot tell an imported
   * certificate from an issued one, so each one that is passed gets this proof.
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
