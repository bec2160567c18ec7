import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import { CustomResourceProvider } from '../../constructs/custom-resource-provider';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';
import { stepTimeoutMinutes } from './deployment-steps-contract';

/** What the steps are told. */
export interface DeploymentStepsProps {
  readonly names: ResourceNames;
}

/**
 * Does what a deployment needs beyond what CloudFormation can: runs migrations, starts and replaces tasks, and waits, but never
 * longer than `stepTimeoutMinutes`. One provider serves all custom resources of `resourceTypes`.
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
        'elasticloadbalancing:DescribeRules and codedeploy:StopDeployment support no resource. The id of a migration’s task is not known before it runs.',
      compensatingControl:
        'The describe calls only read, tasks in this cluster only. The function stops deployments that it finds by its own deployment group.',
    });
  }

  /** Who is granted what the steps need; each custom resource grants for itself. */
  get grantees(): readonly IGrantable[] {
    return this.#handlers.map((handler) => handler.function);
  }
}
