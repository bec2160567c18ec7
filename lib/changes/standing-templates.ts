import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import type { Template, TemplateSet } from './template-set';

export interface StackLocation {
  readonly region: string;
  readonly stackName: string;
}

/** Statuses of stacks without resources, which the CDK CLI creates or recreates. */
const withoutResources = ['REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_COMPLETE'];

/**
 * Reads the deployed templates of the stacks that exist.
 *
 * @throws an error of CloudFormation, except that a stack does not exist
 */
export async function deployedTemplates(stacks: readonly StackLocation[]): Promise<TemplateSet> {
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
