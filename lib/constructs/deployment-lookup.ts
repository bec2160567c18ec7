import { Duration, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from '../core/resource-names';

/** A read-only API call of AWS and the field of its response to return. */
export interface DeploymentLookupProps {
  readonly names: ResourceNames;
  /** The subject of the look-up in kebab case, as part of names. */
  readonly purpose: string;
  readonly service: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Path of the value in the response: `PrefixLists.0.PrefixListId`. */
  readonly path: string;
  /** The permission for the call. */
  readonly statement: PolicyStatement;
}

/**
 * Looks up a value of the account at deployment. A look-up at synthesis (`fromLookup`) would need credentials.
 *
 * CDK creates one function for all look-ups of a stack. Its name comes from the first one.
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
      reason: 'CDK attaches the policy of such a look-up inline and has no option to change that.',
      compensatingControl: 'It belongs to one role, allows one API call, and is deleted with the role.',
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
      reason: 'CDK attaches the basic execution policy to its provider function. It only grants writing logs.',
      compensatingControl: 'The permissions boundary denies creating or deleting log groups.',
    },
  );
  acceptFindings(provider, ['PCI.DSS.321-LambdaInsideVPC'], {
    reason: 'The provider function of CDK runs only during deployments and calls one AWS API.',
    compensatingControl: 'The role allows one read-only call.',
  });
}
