import type { Assembly } from '../assembly';
import { byCodeUnit } from '../sort';
import { type Escalation, escalationsOf } from './escalations';
import { type Grant, grantsOf } from './grants';
import { type AnsweredQuestion, answersOf, type PrincipalKind, roleKind } from './questions';
import { readPolicies, type Role } from './read-policies';

/** A role with what it may do. */
export interface RoleAccess {
  readonly key: string;
  readonly name: string;
  readonly kind: PrincipalKind;
  /** The principals that its trust policy names. */
  readonly assumedBy: readonly string[];
  readonly hasBoundary: boolean;
  readonly grants: readonly Grant[];
}

/** The access that the policies of an assembly give. */
export interface Access {
  readonly roles: readonly RoleAccess[];
  readonly questions: readonly AnsweredQuestion[];
  readonly escalations: readonly Escalation[];
  /** Identities with access whose policies no template has. */
  readonly outside: readonly string[];
  /** Policies whose content is not known. Nothing is proven unless this is empty. */
  readonly problems: readonly string[];
}

/** Computes who may do what in an assembly, sorted by code unit. */
export function accessOf(assembly: Assembly): Access {
  const policies = readPolicies(assembly);
  return {
    roles: policies.roles.map((role) => ({
      key: role.key,
      name: role.name,
      kind: roleKind(role),
      assumedBy: principalsOf(role),
      hasBoundary: role.boundary !== undefined,
      grants: grantsOf(role, policies),
    })),
    questions: answersOf(assembly, policies),
    escalations: escalationsOf(policies),
    outside: outsideOf(assembly),
    problems: policies.problems,
  };
}

function principalsOf({ trust }: Role): string[] {
  const names = trust.flatMap(({ principals }) =>
    principals.map((each) => each.replace(/^(service|aws|federated):/, '')),
  );
  return [...new Set(names)].sort(byCodeUnit((name) => name));
}

function outsideOf(assembly: Assembly): string[] {
  const rotations = assembly
    .ofType('AWS::SecretsManager::RotationSchedule')
    .filter(({ properties }) => properties['HostedRotationLambda'] !== undefined)
    .map(({ key }) => `The role of the function that AWS makes for ${key}.`);
  return [
    'The roles of the CDK bootstrap, which deploy: CloudFormation’s execution role may do whatever the bootstrap gave it.',
    'Administrators of the account: each key policy leaves access to the account’s IAM policies.',
    ...rotations,
  ];
}
