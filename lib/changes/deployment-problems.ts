import { classifyChanges } from './classify-changes';
import { type StackLocation, standingTemplates } from './standing-templates';
import type { Template } from './template-set';

/** A stack that is to be deployed. */
export interface StackToDeploy extends StackLocation {
  readonly template: Template;
}

/**
 * What of a deployment a standing environment cannot take, one sentence each; stacks that do not exist yet have no problems.
 *
 * @param accepted - `REGION/STACK/LOGICAL-ID` of changes that are wanted all the same
 */
export async function deploymentProblems(
  stacks: readonly StackToDeploy[],
  accepted: readonly string[],
): Promise<string[]> {
  const next = stacks.map(({ region, stackName, template }) => [`${region}/${stackName}`, template] as const);
  const { refusals } = classifyChanges(await standingTemplates(stacks), Object.fromEntries(next));
  return refusals.flatMap(({ stackName, logicalId, reason }) => {
    const changed = logicalId === undefined ? stackName : `${stackName}/${logicalId}`;
    if (accepted.includes(changed)) return [];
    return [
      `${changed} ${reason}. Restore the setting that changes it, deploy a second environment, or pass --accept-replacement ${changed}.`,
    ];
  });
}
