import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, LogGroup, ResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ResourceNames } from '../core/resource-names';

export interface AccessLogsProps {
  readonly names: ResourceNames;
  readonly distribution: IDistribution;
}

/**
 * CloudFront standard logging v2, to an encrypted log group.
 *
 * Legacy standard logging was rejected: it requires a bucket with ACLs and does not support SSE-KMS.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
export class AccessLogs extends Construct {
  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const { names, distribution } = props;
    const stack = Stack.of(this);
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: `/aws/vendedlogs/${names.of('cloudfront')}` });
    const policy = new ResourcePolicy(this, 'Policy', {
      resourcePolicyName: names.of('log-policy', 'edge'),
      policyStatements: [
        new PolicyStatement({
          principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        }),
      ],
    });
    const source = new CfnDeliverySource(this, 'Source', {
      name: names.of('log-source', 'cloudfront'),
      logType: 'ACCESS_LOGS',
      resourceArn: distribution.distributionArn,
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name: names.of('log-destination', 'cloudfront'),
      outputFormat: 'json',
      destinationResourceArn: stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: logGroup.logGroupName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
    });
    delivery.addResourceDependency(source);
    delivery.node.addDependency(policy);
  }
}
