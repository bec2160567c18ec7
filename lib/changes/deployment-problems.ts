import { type ChangedSetting, changedSettings, settingsIn } from './changed-settings';
import { classifyChanges } from './classify-changes';
import { isNotChangeable } from './field-changes';
import type { Refusal } from './refusals';
import { type StackLocation, deployedTemplates } from './standing-templates';
import type { Template, TemplateSet } from './template-set';

export interface StackToDeploy extends StackLocation {
  readonly template: Template;
}

/** The maximum number of resources that a message names. */
const namedResources = 3;

/**
 * Returns a message for each changed setting that the existing environment does not support, with cause and remedy. New stacks have no
 * problems.
 *
 * @param accepted - settings, or `REGION/STACK/LOGICAL-ID` of resources, whose changes are accepted
 * @throws an error of CloudFormation, except that a stack does not exist
 */
export async function deploymentProblems(
  stacks: readonly StackToDeploy[],
  accepted: readonly string[],
): Promise<string[]> {
  const current = await deployedTemplates(stacks);
  const next = Object.fromEntries(
    stacks.map(({ region, stackName, template }) => [`${region}/${stackName}`, template] as const),
  );
  const { refusals } = classifyChanges(current, next);
  const refused = refusals.filter((refusal) => !accepted.includes(addressOf(refusal)));
  if (refused.length === 0) return [];
  const causes = causesIn(current, next);
  if (causes.length === 0) return refused.map((refusal) => `${sentence(refusal)}. ${remedy(addressOf(refusal))}`);
  const more = refused.length > namedResources ? `, and ${refused.length - namedResources} more` : '';
  const consequence = refused.slice(0, namedResources).map(sentence).join(', ') + more;
  return causes
    .filter(({ field }) => !accepted.includes(field))
    .map(
      ({ field, before, after }) =>
        `${field} changes from ${shown(before)} to ${shown(after)}. ${consequence}. ${remedy(field)}`,
    );
}

/** The changed settings that cause the refusals according to the table of field changes, or all changed settings if the table has none. */
function causesIn(current: TemplateSet, next: TemplateSet): readonly ChangedSetting[] {
  const [before, after] = [settingsIn(current), settingsIn(next)];
  if (!before || !after) return [];
  const changed = changedSettings(before, after);
  const decisive = changed.filter((setting) => isNotChangeable(before['profile'], setting));
  return decisive.length > 0 ? decisive : changed;
}

function addressOf({ stackName, logicalId }: Refusal): string {
  return logicalId === undefined ? stackName : `${stackName}/${logicalId}`;
}

const sentence = (refusal: Refusal) => `${addressOf(refusal)} ${refusal.reason}`;
const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
const remedy = (what: string) =>
  `Restore the previous value, or deploy a second environment with another environmentSuffix and migrate to it. To accept the change, pass --accept-replacement ${what}.`;
