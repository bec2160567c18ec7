import { compareTemplates, mayBeReplaced, type ResourceChange } from './compare-templates';
import { type Refusal, refusals } from './refusals';
import type { TemplateSet } from './template-set';

/** What an update means to an environment that exists, from the least to the most. */
export const changeClasses = [
  'no change',
  'in place',
  'new task revision',
  'safe replacement',
  'not changeable',
  'another environment',
] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** The class of an update, and the resources that decide it. */
export interface Classification {
  readonly changeClass: ChangeClass;
  /** `TYPE LOGICAL-ID` of what changes, sorted. */
  readonly resources: readonly string[];
  /** All that changes. */
  readonly changes: readonly ResourceChange[];
  /** Empty unless the class is `not changeable`. */
  readonly refusals: readonly Refusal[];
}

/** Classifies an update of the stacks in `current` to the templates in `next`. */
export function classifyChanges(current: TemplateSet, next: TemplateSet): Classification {
  // Stacks of other names or regions stand beside the ones that exist.
  if (Object.keys(current).length > 0 && !Object.keys(current).some((name) => name in next))
    return { changeClass: 'another environment', resources: [], changes: [], refusals: [] };
  const changes = compareTemplates(current, next);
  const refused = refusals(changes, current, next);
  const classes = changes.resources.map(classOf);
  const changeClass =
    refused.length > 0 ? 'not changeable' : (changeClasses.findLast((each) => classes.includes(each)) ?? 'no change');
  const deciding = changes.resources.filter((change) => classOf(change) === changeClass);
  return { changeClass, resources: deciding.map(nameOf).sort(), changes: changes.resources, refusals: refused };
}

function classOf(change: ResourceChange): ChangeClass {
  const { oldResourceType, newResourceType } = change.difference;
  const type = newResourceType ?? oldResourceType;
  const isReplaced = mayBeReplaced(change);
  // What replaces a task definition is the next revision of its family.
  if (type === 'AWS::ECS::TaskDefinition' && isReplaced) return 'new task revision';
  return isReplaced ? 'safe replacement' : 'in place';
}

function nameOf({ difference, logicalId }: ResourceChange): string {
  return `${difference.newResourceType ?? difference.oldResourceType ?? ''} ${logicalId}`;
}
