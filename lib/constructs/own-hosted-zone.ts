import { CustomResource } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IHostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { CustomResourceProvider } from './custom-resource-provider';
import { HandlerFunction } from './handler-function';
import type { ResourceNames } from '../core/resource-names';

/** The resource properties that CloudFormation passes to the handler. */
export interface ValidationRecordsProperties {
  readonly HostedZoneId: string;
}

export interface OwnHostedZoneProps {
  readonly zoneName: string;
  readonly names: ResourceNames;
}

/**
 * A public hosted zone that is created and deleted with the platform.
 *
 * ACM leaves the validation records of certificates in the zone, and Route 53 does not delete a zone with such records. A custom resource
 * removes them at deletion. Everything that uses the zone depends on that resource, so it is deleted first.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html
 */
export class OwnHostedZone extends Construct {
  readonly zone: IHostedZone;

  constructor(scope: Construct, id: string, props: OwnHostedZoneProps) {
    super(scope, id);
    const { zoneName, names } = props;
    const zone = new PublicHostedZone(this, 'Zone', { zoneName, comment: names.of('hosted-zone') });
    const handler = new HandlerFunction(this, 'Cleaner', {
      names,
      purpose: 'validation-records',
      description: 'Removes validation records from the hosted zone before it is deleted',
      source: 'constructs/validation-records.lambda.ts',
    });
    handler.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['route53:ListResourceRecordSets', 'route53:ChangeResourceRecordSets'],
        resources: [zone.hostedZoneArn],
      }),
    );
    const { serviceToken } = new CustomResourceProvider(this, 'Provider', {
      functionName: names.of('function', 'validation-records-provider'),
      onEvent: handler.function,
    });
    const properties: ValidationRecordsProperties = { HostedZoneId: zone.hostedZoneId };
    const records = new CustomResource(this, 'Records', {
      serviceToken,
      resourceType: 'Custom::ValidationRecords',
      properties: { ...properties },
    });
    records.node.addDependency(handler);
    // Other constructs use this reference, so they depend on the custom resource.
    this.zone = PublicHostedZone.fromHostedZoneAttributes(this, 'Cleaned', {
      hostedZoneId: records.getAttString('HostedZoneId'),
      zoneName,
    });
  }
}
