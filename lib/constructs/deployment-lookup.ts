import { Duration, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from '../core/resource-names';

/** One read-only call of AWS, and what of its answer is wanted. */
export interface DeploymentLookupProps {
  readonly names: ResourceNames;
  /** What is looked up, in kebab case. */
  readonly purpose: string;
  readonly service: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Path of the wanted value in the answer: `PrefixLists.0.PrefixListId`. */
  readonly path: string;
  /** What the call needs. */
  readonly statement: PolicyStatement;
}

/**
 * Something of the account that is asked for at deployment, because asking at synthesis needs credentials.
 *
 * CDK makes one function for all look-ups of a stack, named after the first.
 */
export class DeploymentLookup extends Construct {
  readonly value: string;

  constructor(scope: Construct, id: string, props: DeploymentLookupProps) {
    super(scope, id);
    const { names, purpose, service, action, parameters, path, statement } = props;
    const functionName = names.of('function', `${purpose}-lookup`);
    const lookup = new AwsCustomResource(this, 'Lookup', {
      functionName,
      timeout: Duration.minutes(1),
      installLatestAwsSdk: false,
      logGroup: new LogGroup(this, 'LogGroup', { logGroupName: `/aws/lambda/${functionName}` }),
      onUpdate: {
        service,
        action,
        parameters,
        physicalResourceId: PhysicalResourceId.of(purpose),
        outputPaths: [path],
      },
      policy: AwsCustomResourcePolicy.fromStatements([statement]),
    });
    this.value = lookup.getResponseField(path);
    acceptFindings(this, ['PCI.DSS.321-IAMNoInlinePolicy'], {
      reason: 'CDK attaches the policy of such a look-up inline and offers no other way.',
      compensatingControl: 'It belongs to this one role, allows one call, and is deleted with it.',
    });
    acceptProviderFindings(Stack.of(this));
  }
}

/** The runtime and placement of the function are CDK's. */
function acceptProviderFindings(stack: Stack): void {
  const provider = stack.node.children.find(({ node }) => node.id.startsWith('AWS679f53fac002430cb0da5b7982bd2287'));
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
