import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import { CustomResourceProvider } from '../../constructs/custom-resource-provider';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';
import { stepTimeoutMinutes } from './deployment-steps-contract';

export interface DeploymentStepsProps {
  readonly names: ResourceNames;
}

/**
 * The custom resource provider of the deployment steps: migrations, starting and replacing tasks. It waits at most
 * `stepTimeoutMinutes`. One provider serves all `resourceTypes`.
 */
export class DeploymentSteps extends Construct {
  /** The `serviceToken` of the custom resources. */
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
      'Polls migrations and deployments of the payments API',
    );
    this.#handlers = [onEvent, isComplete];
    const provider = new CustomResourceProvider(this, 'Provider', {
      functionName: names.of('function', 'deployment-provider'),
      onEvent: onEvent.function,
      polling: {
        isComplete: isComplete.function,
        interval: Duration.seconds(15),
        timeout: Duration.minutes(stepTimeoutMinutes),
      },
    });
    this.serviceToken = provider.serviceToken;
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason:
        'elasticloadbalancing:DescribeRules and codedeploy:StopDeployment support no resource-level permissions. The id of a migration task is unknown before it runs.',
      compensatingControl:
        'The describe calls only read, and tasks only in this cluster. The function stops only deployments of its own deployment group.',
    });
  }

  /** The functions of the steps. Each custom resource grants its permissions to them. */
  get grantees(): readonly IGrantable[] {
    return this.#handlers.map((handler) => handler.function);
  }
}
