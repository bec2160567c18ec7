import { type CfnResource, CfnResource as Resource, type IAspect, Stack, TagManager } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tags every taggable resource with a `Name` that is derived from its construct path and ends in the environment suffix.
 *
 * This distinguishes resources without a physical name (subnets, route tables, keys, addresses) between environments.
 */
export class NameTags implements IAspect {
  readonly #suffix: string;

  constructor(suffix: string) {
    this.#suffix = suffix;
  }

  visit(node: IConstruct): void {
    if (!Resource.isCfnResource(node) || (!TagManager.isTaggable(node) && !TagManager.isTaggableV2(node))) return;
    const tags = TagManager.of(node);
    // A higher priority than CDK's own Name tags, whose paths are the same in every environment.
    tags?.setTag('Name', this.#nameOf(node), 200, true);
  }

  #nameOf(resource: CfnResource): string {
    const path = resource.node.path
      .slice(Stack.of(resource).node.path.length)
      .split('/')
      .filter((part) => part !== '' && part !== 'Resource' && part !== 'Default');
    return [...path.map(kebab), this.#suffix].join('-').slice(-255);
  }
}

function kebab(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}
