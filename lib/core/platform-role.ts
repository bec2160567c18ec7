import {
  type AddToPrincipalPolicyResult,
  type IPrincipal,
  ManagedPolicy,
  type PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ResourceNames } from './resource-names';

export interface PlatformRoleProps {
  readonly names: ResourceNames;
  /** The part of the names that says what the role is for, in kebab case: `api-task`. */
  readonly purpose: string;
  readonly description: string;
  readonly assumedBy: IPrincipal;
}

/**
 * A role whose grants form one named customer managed policy instead of an inline policy, so that auditors can list and compare them
 * (PCI DSS 7.2). CDK's `grantX(role)` works unchanged.
 */
export class PlatformRole extends Role {
  #grants: ManagedPolicy | undefined;
  readonly #policyName: string;

  constructor(scope: Construct, id: string, props: PlatformRoleProps) {
    const { names, purpose, description, assumedBy } = props;
    super(scope, id, { roleName: names.of('role', purpose), description, assumedBy });
    this.#policyName = names.of('policy', purpose);
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.#grants ??= new ManagedPolicy(this, 'Grants', { managedPolicyName: this.#policyName, roles: [this] });
    this.#grants.addStatements(statement);
    return { statementAdded: true, policyDependable: this.#grants };
  }
}
