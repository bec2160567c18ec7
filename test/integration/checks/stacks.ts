import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';

/** `UPDATE_ROLLBACK_COMPLETE` is no success: what stands is the version before. */
const complete = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];

/** What CloudFormation says of a stack. */
export async function readStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  return Stacks[0];
}

/** Every stack has reached what its template says. */
export function stackProblems(stack: Stack | undefined): string[] {
  if (stack === undefined) return ['a stack is missing'];
  const { StackName = '', StackStatus = 'without status' } = stack;
  return complete.includes(StackStatus) ? [] : [`${StackName} is ${StackStatus}`];
}
