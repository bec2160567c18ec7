import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference';
import type { IConstruct } from 'constructs';

const METADATA_KEY = 'payment-platform:accepted-finding';

/** A cdk-nag finding that is accepted for one construct, with the reason. */
export interface AcceptedFinding {
  /** The rule, including the finding id if a rule has several: `AwsSolutions-IAM5[Resource::*]`. */
  readonly rule: string;
  /** Why the rule does not apply. */
  readonly reason: string;
  /** What mitigates the risk instead. */
  readonly compensatingControl: string;
}

/** An accepted finding with the path of its construct. */
export interface AcceptedFindingAt extends AcceptedFinding {
  readonly path: string;
}

/**
 * Accepts a finding for a construct and its children. Call it next to the cause.
 *
 * @throws Error when `scope` is a stack or the app, because that would hide future findings
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

/** Whether the finding is accepted for this construct itself. */
export function isAccepted(scope: IConstruct, rule: string): boolean {
  return scope.node.metadata.some(({ type, data }) => type === METADATA_KEY && (data as AcceptedFinding).rule === rule);
}

/** Accepts several findings with the same cause, reason and compensating control. */
export function acceptFindings(
  scope: IConstruct,
  rules: readonly string[],
  because: Omit<AcceptedFinding, 'rule'>,
): void {
  for (const rule of rules) acceptFinding(scope, { rule, ...because });
}

/** The id under which cdk-nag reports a wildcard in `arn`, which may contain unresolved references. */
export function wildcardResource(scope: IConstruct, arn: string): string {
  return `AwsSolutions-IAM5[Resource::${flattenCfnReference(Stack.of(scope).resolve(arn))}]`;
}

/** All accepted findings in `root`, in tree order. Auditors receive this list. */
export function acceptedFindings(root: IConstruct): AcceptedFindingAt[] {
  return root.node
    .findAll()
    .flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === METADATA_KEY)
        .map(({ data }) => ({ path: construct.node.path, ...(data as AcceptedFinding) })),
    );
}
