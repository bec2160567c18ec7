import { CustomResource } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IHostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { CustomResourceProvider } from './custom-resource-provider';
import { HandlerFunction } from './handler-function';
import type { ResourceNames } from '../core/resource-names';

/** What CloudFormation passes to the handler. */
export interface ValidationRecordsProperties {
  readonly HostedZoneId: string;
}

/** What the zone is told. */
export interface OwnHostedZoneProps {
  readonly zoneName: string;
  readonly names: ResourceNames;
}

/**
 * A public zone that is made and deleted with the platform.
 *
 * A certificate that is validated in it leaves its validation record behind, and Route 53 deletes no zone that holds such records: whatever
 * uses the zone waits for a resource that removes them, and so is gone before it does.
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
    // The zone as others see it: depending on it means depending on the clean-up.
    this.zone = PublicHostedZone.fromHostedZoneAttributes(this, 'Cleaned', {
      hostedZoneId: records.getAttString('HostedZoneId'),
      zoneName,
    });
  }
}
