import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import { HandlerFunction } from '../../conventions/handler-function';
import type { ResourceNames } from '../../conventions/resource-names';
import { stepTimeoutMinutes } from './deployment-steps-contract';

/** What the steps are told. */
export interface DeploymentStepsProps {
  readonly names: ResourceNames;
}

/**
 * Does what a deployment needs beyond what CloudFormation can: runs migrations, starts and replaces tasks, and waits, but never
 * longer than `stepTimeoutMinutes`. One provider serves both custom resources.
 */
export class DeploymentSteps extends Construct {
  /** What a custom resource names as the one that does its work. */
  readonly serviceToken: string;
  readonly #handlers: readonly HandlerFunction[];

  constructor(scope: Construct, id: string, props: DeploymentStepsProps) {
    super(scope, id);
    const { names } = props;
    const handler = (handlerId: string, exportName: string, purpose: string, description: string) =>
      new HandlerFunction(this, handlerId, {
        names,
        purpose,
        description,
        exportName,
        source: 'compute/deployment/deployment-steps.lambda.ts',
      });
    const onEvent = handler(
      'OnEvent',
      'onEvent',
      'deployment-start',
      'Starts migrations and deployments of the payments API',
    );
    const isComplete = handler(
      'IsComplete',
      'isComplete',
      'deployment-wait',
      'Says whether a migration or deployment is done',
    );
    this.#handlers = [onEvent, isComplete];
    const provider = new Provider(this, 'Provider', {
      onEventHandler: onEvent.function,
      isCompleteHandler: isComplete.function,
      queryInterval: Duration.seconds(15),
      totalTimeout: Duration.minutes(stepTimeoutMinutes),
      providerFunctionName: names.of('function', 'deployment-provider'),
    });
    this.serviceToken = provider.serviceToken;
    acceptProviderFindings(provider, [onEvent, isComplete]);
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason:
        'elasticloadbalancing:DescribeRules supports no resource; the id of a migration’s task is not known before it runs.',
      compensatingControl: 'Both calls only read, and describing tasks is limited to this cluster by a condition.',
    });
  }

  /** Who is granted what the steps need; each custom resource grants for itself. */
  get grantees(): readonly IGrantable[] {
    return this.#handlers.map((handler) => handler.function);
  }
}

function acceptProviderFindings(provider: Construct, handlers: readonly HandlerFunction[]): void {
  const control =
    'It runs during deployments only, below the permissions boundary, and may invoke the two handlers and nothing else.';
  acceptFindings(provider, ['AwsSolutions-L1', 'PCI.DSS.321-LambdaInsideVPC'], {
    reason:
      'The functions of the provider framework are CDK’s own; it raises their runtime, and they call AWS APIs only.',
    compensatingControl: control,
  });
  acceptFindings(
    provider,
    ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]'],
    {
      reason: 'CDK attaches the basic execution policy to its provider functions; it grants writing logs only.',
      compensatingControl: control,
    },
  );
  acceptFindings(provider, ['PCI.DSS.321-IAMNoInlinePolicy'], {
    reason: 'CDK attaches the policies of its provider functions inline and offers no other way.',
    compensatingControl: control,
  });
  acceptFindings(provider, ['AwsSolutions-SF1', 'AwsSolutions-SF2'], {
    reason: 'The state machine only polls, every 15 seconds, for as long as a deployment takes.',
    compensatingControl: 'The function that it calls logs each call and its outcome.',
  });
  const own = ['framework-isComplete', 'framework-onTimeout'].map(
    (id) => provider.node.findChild(id) as unknown as IFunction,
  );
  const invoked = [...handlers.map((handler) => handler.function), ...own];
  acceptFindings(
    provider,
    invoked.map((target) => wildcardResource(provider, `${target.functionArn}:*`)),
    {
      reason: 'CDK grants invoking each function in all its versions.',
      compensatingControl: control,
    },
  );
}
