import type { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../compliance/accepted-findings';

/** Polling of an asynchronous operation. */
export interface Polling {
  readonly isComplete: IFunction;
  readonly interval: Duration;
  readonly timeout: Duration;
}

export interface CustomResourceProviderProps {
  readonly functionName: string;
  readonly onEvent: IFunction;
  /** @default - the operation is complete when `onEvent` returns */
  readonly polling?: Polling;
}

/** CDK's provider framework for a handler, with the accepted findings of the framework's own functions. */
export class CustomResourceProvider extends Construct {
  /** The `serviceToken` of the custom resources. */
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, props: CustomResourceProviderProps) {
    super(scope, id);
    const { functionName, onEvent, polling } = props;
    const provider = new Provider(this, 'Provider', {
      // Created before the functions and deleted after them. CDK's own log group is created too late and deleted too early.
      logGroup: new LogGroup(this, 'LogGroup', { logGroupName: `/aws/lambda/${functionName}` }),
      providerFunctionName: functionName,
      onEventHandler: onEvent,
      ...(polling && {
        isCompleteHandler: polling.isComplete,
        queryInterval: polling.interval,
        totalTimeout: polling.timeout,
      }),
    });
    this.serviceToken = provider.serviceToken;
    const own = polling
      ? ['framework-isComplete', 'framework-onTimeout'].map((name) => functionOf(provider, name))
      : [];
    acceptProviderFindings(provider, functionOf(provider, 'framework-onEvent').isBoundToVpc, [
      onEvent,
      ...(polling ? [polling.isComplete] : []),
      ...own,
    ]);
    if (polling) acceptPollingFindings(provider);
  }
}

function functionOf(provider: Provider, id: string): IFunction {
  return provider.node.findChild(id) as unknown as IFunction;
}

const compensatingControl =
  'It runs only during deployments, may only invoke its handlers, and the permissions boundary applies.';

function acceptProviderFindings(provider: Provider, isInVpc: boolean, invoked: readonly IFunction[]): void {
  if (isInVpc) {
    acceptFindings(
      provider,
      ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]'],
      {
        reason:
          'CDK attaches this policy to its functions in a VPC. It only grants the management of their network interfaces.',
        compensatingControl,
      },
    );
  } else {
    acceptFindings(provider, ['PCI.DSS.321-LambdaInsideVPC'], {
      reason: 'The functions of CDK’s provider framework only call AWS APIs.',
      compensatingControl,
    });
  }
  acceptFindings(
    provider,
    ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]'],
    {
      reason: 'CDK attaches the basic execution policy to its functions. It only grants writing logs.',
      compensatingControl,
    },
  );
  acceptFindings(provider, ['PCI.DSS.321-IAMNoInlinePolicy'], {
    reason: 'CDK attaches the policies of its provider functions inline and has no option to change that.',
    compensatingControl,
  });
  acceptFindings(
    provider,
    invoked.map(({ functionArn }) => wildcardResource(provider, `${functionArn}:*`)),
    { reason: 'CDK grants the invocation of all versions of each function.', compensatingControl },
  );
}

function acceptPollingFindings(provider: Provider): void {
  acceptFindings(provider, ['AwsSolutions-SF1', 'AwsSolutions-SF2'], {
    reason: 'The state machine only polls while a deployment runs.',
    compensatingControl: 'The function that it invokes logs each call and its result.',
  });
}
