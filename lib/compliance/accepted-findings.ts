import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference';
import type { IConstruct } from 'constructs';

const METADATA_KEY = 'payment-platform:accepted-finding';

/** A rule that does not hold for one construct, and why that is acceptable. */
export interface AcceptedFinding {
  /** The rule, with the finding where a rule has several: `AwsSolutions-IAM5[Resource::*]`. */
  readonly rule: string;
  /** Why the rule does not fit here. */
  readonly reason: string;
  /** What covers the risk instead. */
  readonly compensatingControl: string;
}

/** An accepted finding and the construct that it was accepted for. */
export interface AcceptedFindingAt extends AcceptedFinding {
  readonly path: string;
}

/**
 * Accepts one finding for one construct and what is inside it. Call it next to the cause, never on a stack or the app.
 *
 * @throws when `scope` is not inside a stack, because that would hide the next real finding
 */
export function acceptFinding(scope: IConstruct, finding: AcceptedFinding): void {
  if (scope.node.scopes.length < 3) {
    throw new Error(
      `The finding ${finding.rule} is accepted for '${scope.node.path}', which is a stack or the app. Accept it for the construct that causes it.`,
    );
  }
  const { rule, reason, compensatingControl } = finding;
  Validations.of(scope).acknowledge({ id: rule, reason: `${reason} Compensating control: ${compensatingControl}` });
  scope.node.addMetadata(METADATA_KEY, finding);
}

/** Whether the finding was accepted for this very construct. */
export function isAccepted(scope: IConstruct, rule: string): boolean {
  return scope.node.metadata.some(({ type, data }) => type === METADATA_KEY && (data as AcceptedFinding).rule === rule);
}

/** Accepts several findings of one cause, with one reason and one compensating control. */
export function acceptFindings(
  scope: IConstruct,
  rules: readonly string[],
  because: Omit<AcceptedFinding, 'rule'>,
): void {
  for (const rule of rules) acceptFinding(scope, { rule, ...because });
}

/** The id under which cdk-nag reports a wildcard in `arn`, which may hold references that only deployment resolves. */
export function wildcardResource(scope: IConstruct, arn: string): string {
  return `AwsSolutions-IAM5[Resource::${flattenCfnReference(Stack.of(scope).resolve(arn))}]`;
}

/** Every accepted finding below `root`, in the order of the tree: the list an auditor gets. */
export function acceptedFindings(root: IConstruct): AcceptedFindingAt[] {
  return root.node
    .findAll()
    .flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === METADATA_KEY)
        .map(({ data }) => ({ path: construct.node.path, ...(data as AcceptedFinding) })),
    );
}
