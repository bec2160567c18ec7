import type { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../compliance/accepted-findings';

/** Asks again and again until what was started is done. */
export interface Polling {
  readonly isComplete: IFunction;
  readonly interval: Duration;
  readonly timeout: Duration;
}

/** What a provider is told. */
export interface CustomResourceProviderProps {
  readonly functionName: string;
  readonly onEvent: IFunction;
  /** @default - done when `onEvent` returns */
  readonly polling?: Polling;
}

/** CDK's provider framework around our handlers, with what its own functions need accepted. */
export class CustomResourceProvider extends Construct {
  /** What a custom resource names as the one that does its work. */
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, props: CustomResourceProviderProps) {
    super(scope, id);
    const { functionName, onEvent, polling } = props;
    const provider = new Provider(this, 'Provider', {
      // Declared before its functions: CDK's own comes after them, loses a race with the first call, and is gone before the last.
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
  'It runs during deployments only, below the permissions boundary, and may invoke its handlers and nothing else.';

function acceptProviderFindings(provider: Provider, isInVpc: boolean, invoked: readonly IFunction[]): void {
  if (isInVpc) {
    acceptFindings(
      provider,
      ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]'],
      {
        reason: 'CDK attaches this policy to its functions in a VPC; it grants making their network interfaces.',
        compensatingControl,
      },
    );
  } else {
    acceptFindings(provider, ['PCI.DSS.321-LambdaInsideVPC'], {
      reason: 'The functions of the provider framework are CDK’s own, and call AWS APIs only.',
      compensatingControl,
    });
  }
  acceptFindings(
    provider,
    ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]'],
    {
      reason: 'CDK attaches the basic execution policy to its functions; it grants writing logs only.',
      compensatingControl,
    },
  );
  acceptFindings(provider, ['PCI.DSS.321-IAMNoInlinePolicy'], {
    reason: 'CDK attaches the policies of its provider functions inline and offers no other way.',
    compensatingControl,
  });
  acceptFindings(
    provider,
    invoked.map(({ functionArn }) => wildcardResource(provider, `${functionArn}:*`)),
    { reason: 'CDK grants invoking each function in all its versions.', compensatingControl },
  );
}

function acceptPollingFindings(provider: Provider): void {
  acceptFindings(provider, ['AwsSolutions-SF1', 'AwsSolutions-SF2'], {
    reason: 'The state machine only polls, for as long as a deployment takes.',
    compensatingControl: 'The function that it calls logs each call and its outcome.',
  });
}
