import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** The response of `onEvent` in CDK's provider framework. `isComplete` receives it again. */
export interface OnEventResult {
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** The event of `isComplete`: the original event and the result of `start`. */
export type IsCompleteEvent = CloudFormationCustomResourceEvent & OnEventResult;

/** An asynchronous operation of a deployment. */
export interface DeploymentStep {
  start(event: CloudFormationCustomResourceEvent): Promise<OnEventResult>;
  /** @throws Error with the reason when the operation has failed */
  isComplete(event: IsCompleteEvent): Promise<boolean>;
}

const cloudFormation = new CloudFormationClient();

/**
 * Whether the stack is rolling back.
 *
 * CloudFormation then sends updates with the previous properties. An operation could fail again because of an alarm that still fires, and
 * leave the stack in UPDATE_ROLLBACK_FAILED.
 */
export async function isRollingBack(stackId: string): Promise<boolean> {
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }));
  return Stacks?.[0]?.StackStatus?.includes('ROLLBACK') ?? false;
}
