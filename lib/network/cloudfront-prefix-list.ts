import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from '../conventions/resource-names';

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
    const call = {
      service: 'EC2',
      action: 'describeManagedPrefixLists',
      parameters: { Filters: [{ Name: 'prefix-list-name', Values: [listName] }] },
      physicalResourceId: PhysicalResourceId.of(listName),
      outputPaths: ['PrefixLists.0.PrefixListId'],
    };
    const lookup = new AwsCustomResource(this, 'Lookup', {
      functionName: props.names.of('function', 'prefix-list-lookup'),
      timeout: Duration.minutes(1),
      installLatestAwsSdk: false,
      logGroup: new LogGroup(this, 'LogGroup', {
        logGroupName: `/aws/lambda/${props.names.of('function', 'prefix-list-lookup')}`,
      }),
      onUpdate: call,
      policy: AwsCustomResourcePolicy.fromStatements([
        // Describe calls of EC2 know no narrower resource.
        new PolicyStatement({ actions: ['ec2:DescribeManagedPrefixLists'], resources: ['*'] }),
      ]),
    });
    this.prefixListId = lookup.getResponseField('PrefixLists.0.PrefixListId');
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason: 'ec2:DescribeManagedPrefixLists supports no resource-level permission.',
      compensatingControl: 'The role may do this one read-only call and nothing else.',
    });
    acceptFindings(this, ['PCI.DSS.321-IAMNoInlinePolicy'], {
      reason: 'CDK attaches the policy of such a look-up inline and offers no other way.',
      compensatingControl: 'It belongs to this one role, allows one call, and is deleted with it.',
    });
    this.#acceptFindingsOfProvider();
  }

  /** CDK makes one function for all such look-ups of a stack; its runtime and placement are CDK's. */
  #acceptFindingsOfProvider(): void {
    const provider = Stack.of(this).node.children.find(({ node }) =>
      node.id.startsWith('AWS679f53fac002430cb0da5b7982bd2287'),
    );
    if (!provider) return;
    acceptFindings(
      provider,
      ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]'],
      {
        reason: 'CDK attaches the basic execution policy to its provider function; it grants writing logs only.',
        compensatingControl: 'The permissions boundary denies creating or deleting log groups.',
      },
    );
    acceptFindings(provider, ['PCI.DSS.321-LambdaInsideVPC'], {
      reason: 'The provider function of CDK runs at deployment only and calls one AWS API.',
      compensatingControl: 'The role allows one read-only call.',
    });
  }
}
