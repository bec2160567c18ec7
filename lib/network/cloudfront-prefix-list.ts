import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import { DeploymentLookup } from '../constructs/deployment-lookup';
import type { ResourceNames } from '../core/resource-names';

/** The list's name, the same in every region; its id differs from region to region. */
const listName = 'com.amazonaws.global.cloudfront.origin-facing';

/** What the look-up is told. */
export interface CloudFrontPrefixListProps {
  readonly names: ResourceNames;
}

/**
 * The addresses from which CloudFront calls origins: AWS's managed prefix list of this region.
 *
 * Its id is asked for at deployment. `PrefixList.fromLookup` asks at synthesis and needs credentials; a table of ids by region would
 * have to be kept in step by hand.
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
      // Describe calls of EC2 know no narrower resource.
      statement: new PolicyStatement({ actions: ['ec2:DescribeManagedPrefixLists'], resources: ['*'] }),
    }).value;
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason: 'ec2:DescribeManagedPrefixLists supports no resource-level permission.',
      compensatingControl: 'The role may do this one read-only call and nothing else.',
    });
  }
}
