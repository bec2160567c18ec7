import { Aspects, CfnResource, CrossStackReferences, type IAspect, ReferenceStrength, type Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Decides how a stack refers to others, and others to it.
 *
 * Within the home region references are strong: CloudFormation refuses to change or delete what another stack uses, before anything is
 * touched. Most of them feed properties that cannot change (a VPC, subnets, security groups, a cluster), and the CDK CLI skips a stack
 * whose template is unchanged: by a weak reference it would keep the id of a resource that is gone.
 *
 * Across regions references are weak: strong ones need custom resources that copy values between regions, and those fail at updates and
 * destructions. What crosses regions are names, ARNs and addresses of resources whose names are fixed, so that their templates change
 * with them.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/resources.html
 */
export function decideReferenceStrength(stack: Stack, isHome: boolean): void {
  CrossStackReferences.of(stack).consume(isHome ? ReferenceStrength.STRONG : ReferenceStrength.WEAK);
  if (!isHome) Aspects.of(stack).add(new ReferredToWeakly());
}

/** For a producer whose consumer follows each of its changes, because the consumer's template changes too. */
export function referToWeakly(construct: IConstruct): void {
  CrossStackReferences.of(construct).produce(ReferenceStrength.WEAK);
}

class ReferredToWeakly implements IAspect {
  visit(node: IConstruct): void {
    if (CfnResource.isCfnResource(node)) node.applyCrossStackReferenceStrength(ReferenceStrength.WEAK);
  }
}
