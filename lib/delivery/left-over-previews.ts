import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';

/** The environment suffix of a preview at the end of a stack's name. */
const previewSuffix = /-(pr[1-9]\d*)$/;

/**
 * The suffixes of previews whose pull request is not open, in ascending order of their numbers.
 *
 * @param stackNames - names of existing stacks
 * @param openPullRequests - numbers of the open pull requests
 */
export function leftOverPreviews(stackNames: readonly string[], openPullRequests: readonly number[]): string[] {
  const suffixes = new Set(stackNames.flatMap((name) => previewSuffix.exec(name)?.[1] ?? []));
  const number = (suffix: string) => Number(suffix.slice('pr'.length));
  return [...suffixes]
    .filter((suffix) => !openPullRequests.includes(number(suffix)))
    .sort((one, other) => number(one) - number(other));
}

/** The names of the stacks that exist in a region, whatever their state. @throws an error of CloudFormation */
export async function existingStacks(region: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { StackSummaries = [] } of paginateListStacks(
    { client: new CloudFormationClient({ region }) },
    {},
  )) {
    const existing = StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
    names.push(...existing.map(({ StackName = '' }) => StackName));
  }
  return names;
}
