import { compareTemplates, mayBeReplaced, type ResourceChange } from './compare-templates';
import { type Refusal, refusals } from './refusals';
import type { TemplateSet } from './template-set';

/** The effect of an update on an existing environment, in ascending order. */
export const changeClasses = [
  'no change',
  'in place',
  'new task revision',
  'safe replacement',
  'not changeable',
  'another environment',
] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** The class of an update, and the resources that determine it. */
export interface Classification {
  readonly changeClass: ChangeClass;
  /** `TYPE LOGICAL-ID` of the resources that determine the class, sorted. */
  readonly resources: readonly string[];
  /** All changed resources. */
  readonly changes: readonly ResourceChange[];
  /** Empty unless the class is `not changeable`. */
  readonly refusals: readonly Refusal[];
}

/** Classifies an update of the stacks in `current` to the templates in `next`. */
export function classifyChanges(current: TemplateSet, next: TemplateSet): Classification {
  // Stacks with other names or regions do not affect the existing ones.
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
  // The replacement of a task definition is the next revision of its family.
  if (type === 'AWS::ECS::TaskDefinition' && isReplaced) return 'new task revision';
  return isReplaced ? 'safe replacement' : 'in place';
}

function nameOf({ difference, logicalId }: ResourceChange): string {
  return `${difference.newResourceType ?? difference.oldResourceType ?? ''} ${logicalId}`;
}
