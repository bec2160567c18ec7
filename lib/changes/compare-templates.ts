import { fullDiff, type ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { changedOutputs, type OutputKey, withChangedValues } from './cross-stack-values';
import type { Template, TemplateSet } from './template-set';

/** A resource that CloudFormation changes. */
export interface ResourceChange {
  /** `REGION/STACK-NAME`. */
  readonly stackName: string;
  readonly logicalId: string;
  readonly difference: ResourceDifference;
}

/** The changes of an update. */
export interface TemplateChanges {
  readonly resources: readonly ResourceChange[];
  /** Stacks that use a changed value but have an unchanged template. The CDK CLI skips them. */
  readonly stacksLeftBehind: readonly string[];
}

/**
 * Compares the templates of an environment with new ones. AWS's resource schemas determine which changes replace a resource.
 *
 * A replaced resource has a new id, so its references change too, in its own stack and in others. New stacks are ignored, because they
 * change nothing that exists. Changes of metadata alone are ignored.
 */
export function compareTemplates(current: TemplateSet, next: TemplateSet): TemplateChanges {
  const pairs = Object.keys({ ...current, ...next })
    .filter((name) => name in current)
    .map((name) => ({ name, before: current[name] ?? {}, after: next[name] ?? {} }));
  const changed = new Set<OutputKey>();
  for (;;) {
    const known = changed.size;
    const resources = pairs.flatMap(({ name, before, after }) => {
      const marked = withChangedValues(after, changed) as Template;
      // Skips the diff of unchanged stacks, which is slow for large templates.
      const found = JSON.stringify(before) === JSON.stringify(marked) ? [] : resourceChanges(name, before, marked);
      const replaced = new Set(found.filter(isReplaced).map(({ logicalId }) => logicalId));
      for (const key of changedOutputs(name, before, after, replaced)) changed.add(key);
      return found;
    });
    if (changed.size > known) continue;
    const stacksLeftBehind = pairs
      .filter(({ before, after }) => JSON.stringify(before) === JSON.stringify(after))
      .map(({ name }) => name)
      .filter((name) => resources.some(({ stackName }) => stackName === name));
    return { resources, stacksLeftBehind };
  }
}

/** Whether CloudFormation replaces the resource, or may replace it. */
export function mayBeReplaced({ difference: { changeImpact } }: ResourceChange): boolean {
  return changeImpact === ResourceImpact.WILL_REPLACE || changeImpact === ResourceImpact.MAY_REPLACE;
}

/** Whether CloudFormation replaces the resource in any case. */
function isReplaced({ difference }: ResourceChange): boolean {
  return difference.changeImpact === ResourceImpact.WILL_REPLACE;
}

function resourceChanges(stackName: string, before: Template, after: Template): ResourceChange[] {
  const changes = differences(stackName, onlyChanged(before, after), onlyChanged(after, before));
  // A replacement also changes the resources that reference it.
  return changes.some(isReplaced) ? differences(stackName, before, after) : changes;
}

/** The template reduced to resources that differ from the other template, because the diff is slow for large templates. */
function onlyChanged(template: Template, other: Template): Template {
  const entries = Object.entries(template.Resources ?? {}).filter(
    ([id, resource]) => JSON.stringify(resource) !== JSON.stringify(other.Resources?.[id]),
  );
  return { Resources: Object.fromEntries(entries) };
}

function differences(stackName: string, before: Template, after: Template): ResourceChange[] {
  const changes: ResourceChange[] = [];
  fullDiff(before, after).resources.forEachDifference((logicalId, difference) => {
    const isUpdate = difference.isUpdate && !difference.resourceTypeChanged;
    const others = Object.keys(difference.otherChanges).filter((name) => name !== 'Metadata');
    if (isUpdate && others.length === 0 && Object.keys(difference.propertyUpdates).length === 0) return;
    changes.push({ stackName, logicalId, difference });
  });
  return changes;
}
