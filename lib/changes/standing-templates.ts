import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import type { Template, TemplateSet } from './template-set';

/** Where a stack is, or will be. */
export interface StackLocation {
  readonly region: string;
  readonly stackName: string;
}

/** States in which a stack has no resources: the CDK CLI creates it, or creates it again. */
const withoutResources = ['REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_COMPLETE'];

/**
 * The templates of those stacks that exist, as CloudFormation has them.
 *
 * @throws what CloudFormation answers, unless it says that the stack does not exist
 */
export async function standingTemplates(stacks: readonly StackLocation[]): Promise<TemplateSet> {
  const found = await Promise.all(
    stacks.map(async ({ region, stackName }): Promise<[string, Template][]> => {
      const client = new CloudFormationClient({ region });
      if (!(await hasResources(client, stackName))) return [];
      const { TemplateBody = '{}' } = await client.send(
        new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }),
      );
      return [[`${region}/${stackName}`, JSON.parse(TemplateBody) as Template]];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function hasResources(client: CloudFormationClient, stackName: string): Promise<boolean> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks.some(({ StackStatus = '' }) => !withoutResources.includes(StackStatus));
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return false;
    throw error;
  }
}
