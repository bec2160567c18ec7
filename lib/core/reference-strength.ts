import { Aspects, CfnResource, CrossStackReferences, type IAspect, ReferenceStrength, type Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Sets the strength of cross-stack references of a stack.
 *
 * Within the home region, references are strong: CloudFormation rejects a change or deletion of a value that another stack uses. Most of
 * them set properties that require replacement (VPC, subnets, security groups, cluster). The CDK CLI skips a stack whose template is
 * unchanged, so with a weak reference it would keep the id of a deleted resource.
 *
 * Across regions, references are weak, because strong ones need custom resources that copy values between regions and fail at updates
 * and deletions. Only names, ARNs and addresses of resources with fixed names cross regions, so the templates change with them.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/resources.html
 */
export function setReferenceStrength(stack: Stack, isHome: boolean): void {
  CrossStackReferences.of(stack).consume(isHome ? ReferenceStrength.STRONG : ReferenceStrength.WEAK);
  if (!isHome) Aspects.of(stack).add(new ReferredToWeakly());
}

/** Makes references to `construct` weak. Use it only if each change of the value also changes the template of its consumer. */
export function referToWeakly(construct: IConstruct): void {
  CrossStackReferences.of(construct).produce(ReferenceStrength.WEAK);
}

class ReferredToWeakly implements IAspect {
  visit(node: IConstruct): void {
    if (CfnResource.isCfnResource(node)) node.applyCrossStackReferenceStrength(ReferenceStrength.WEAK);
  }
}
