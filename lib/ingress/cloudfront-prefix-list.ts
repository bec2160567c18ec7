import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import { DeploymentLookup } from '../constructs/deployment-lookup';
import type { ResourceNames } from '../core/resource-names';

/** The name is the same in every region, the id is not. */
const listName = 'com.amazonaws.global.cloudfront.origin-facing';

export interface CloudFrontPrefixListProps {
  readonly names: ResourceNames;
}

/**
 * The AWS-managed prefix list of CloudFront's origin-facing servers in this region.
 *
 * Its id is looked up at deployment. `PrefixList.fromLookup` was rejected because it needs credentials at synthesis, a table of ids per
 * region because it must be maintained manually.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
 */
export class CloudFrontPrefixList extends Construct {
  readonly prefixListId: string;

  constructor(scope: Construct, id: string, props: CloudFrontPrefixListProps) {
    super(scope, id);
    this.prefixListId = new DeploymentLookup(this, 'Id', {
      names: props.names,
      purpose: 'prefix-list',
      service: 'EC2',
      action: 'describeManagedPrefixLists',
      parameters: { Filters: [{ Name: 'prefix-list-name', Values: [listName] }] },
      path: 'PrefixLists.0.PrefixListId',
      // EC2 describe actions support no resource-level permissions.
      statement: new PolicyStatement({ actions: ['ec2:DescribeManagedPrefixLists'], resources: ['*'] }),
    }).value;
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason: 'ec2:DescribeManagedPrefixLists supports no resource-level permissions.',
      compensatingControl: 'The role allows only this read-only call.',
    });
  }
}
