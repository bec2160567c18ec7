import type { PlatformPolicies } from './platform-policies';
import type { Statement } from '../../../lib/evidence/access/statements';
import type { PolicyDocument } from './policy-documents';

/** A role with the statements of its identity policies. */
export interface RolePolicies {
  readonly name: string;
  readonly arn: string;
  readonly tier: string;
  readonly statements: readonly Statement[];
  /** Statements of the permissions boundary; `undefined` for a role without one. */
  readonly boundary: readonly Statement[] | undefined;
  /** AWS managed policies, by the end of their ARN: `service-role/AWSLambdaBasicExecutionRole`. */
  readonly managedByAws: readonly string[];
}

/** Every role of a platform, with the statements of inline, attached and own managed policies. */
export function rolesOf({ platform, values, documents }: PlatformPolicies): RolePolicies[] {
  const attached = documents
    .filter(({ kind }) => kind === 'identity')
    .flatMap((document) => roleNamesOf(document, values).map((roleName) => ({ roleName, document })));
  const boundaryOf = (arn: unknown) =>
    documents.find(
      ({ stack, logicalId, resource }) =>
        resource.Type === 'AWS::IAM::ManagedPolicy' && values.arnOf(stack, logicalId) === arn,
    )?.statements;
  return platform.all.flatMap((stack) =>
    stack.resources.entries('AWS::IAM::Role').map(([id, { Properties }]) => {
      const name = values.text(stack, { Ref: id });
      const arns = values.resolve(stack, Properties['ManagedPolicyArns'] ?? []) as string[];
      return {
        name,
        arn: values.arnOf(stack, id),
        tier: stack.tier,
        statements: attached.filter(({ roleName }) => roleName === name).flatMap(({ document }) => document.statements),
        boundary: boundaryOf(values.resolve(stack, Properties['PermissionsBoundary'])),
        managedByAws: arns.map((arn) => arn.replace(/^arn:aws:iam::aws:policy\//, '')),
      };
    }),
  );
}

function roleNamesOf({ stack, logicalId, resource }: PolicyDocument, values: PlatformPolicies['values']): string[] {
  if (resource.Type === 'AWS::IAM::Role') return [values.text(stack, { Ref: logicalId })];
  return values.resolve(stack, resource.Properties['Roles'] ?? []) as string[];
}
