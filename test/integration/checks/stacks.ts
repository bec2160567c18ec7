import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';

/** `UPDATE_ROLLBACK_COMPLETE` is not a success, because the previous version is deployed. */
const complete = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];

/** The status of a stack. */
export async function readStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  return Stacks[0];
}

/** Every stack is deployed successfully. */
export function stackProblems(stack: Stack | undefined): string[] {
  if (stack === undefined) return ['a stack is missing'];
  const { StackName = '', StackStatus = 'without status' } = stack;
  return complete.includes(StackStatus) ? [] : [`${StackName} is ${StackStatus}`];
}
