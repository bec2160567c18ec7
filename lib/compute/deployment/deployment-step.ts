import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** What a step remembers between starting and being asked whether it is done. */
export interface OnEventResult {
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** What CDK's provider passes when it asks: the event, and what `start` returned. */
export type IsCompleteEvent = CloudFormationCustomResourceEvent & OnEventResult;

/** One thing that is done during a deployment and takes longer than a function may run. */
export interface DeploymentStep {
  start(event: CloudFormationCustomResourceEvent): Promise<OnEventResult>;
  /** @throws when it has failed, with what an operator needs to know */
  isComplete(event: IsCompleteEvent): Promise<boolean>;
}

const cloudFormation = new CloudFormationClient();

/**
 * Whether the stack is on its way back to what it was.
 *
 * CloudFormation then sends updates with the old properties. Acting on them could fail again, on an alarm that still fires, and leave the
 * stack in UPDATE_ROLLBACK_FAILED.
 */
export async function isRollingBack(stackId: string): Promise<boolean> {
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }));
  return Stacks?.[0]?.StackStatus?.includes('ROLLBACK') ?? false;
}
