import type { Assembly, AssemblyResource } from '../assembly';
import { referencesIn } from '../values';
import { Arns } from './arns';
import { statementsOfAws } from './managed-policies';
import { documentsIn, type Statement, statementsOf } from './statements';

/** A role of the assembly. */
export interface Role {
  readonly key: string;
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Statements of inline, attached and AWS's policies. */
  readonly identity: readonly Statement[];
  /** Statements of the permissions boundary; `undefined` for a role without one. */
  readonly boundary: readonly Statement[] | undefined;
  readonly trust: readonly Statement[];
}

/** A resource whose access is examined. */
export interface Guarded {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** The statements of its own policy. */
  readonly policy: readonly Statement[];
}

/** All roles and resources of an assembly with their policies. */
export interface Policies {
  readonly roles: readonly Role[];
  readonly resources: readonly Guarded[];
  /** Policies whose content no template has. Access is proven only where this list is empty. */
  readonly problems: readonly string[];
}

/** Reads every policy of an assembly. */
export function readPolicies(assembly: Assembly): Policies {
  const arns = new Arns(assembly);
  const roles = assembly.ofType('AWS::IAM::Role').map((role) => readRole(assembly, arns, role));
  const resources = assembly.resources
    .filter(({ type }) => type in policyProperties)
    .map((resource) => guarded(assembly, arns, resource));
  const problems = roles.flatMap(({ problems: found }) => found);
  return {
    roles: roles.map(({ role }) => role),
    resources: [...resources, ...masterSecrets(assembly, arns)],
    problems,
  };
}

function readRole(assembly: Assembly, arns: Arns, resource: AssemblyResource): { role: Role; problems: string[] } {
  const { key, region, properties } = resource;
  const attached = assembly
    .ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy')
    .filter(({ properties: policy }) =>
      referencesIn([policy['Roles'], policy['RoleName']]).some(({ target }) => target === key),
    );
  const named = ([properties['ManagedPolicyArns'] ?? []].flat() as unknown[]).map((policy) => ({
    policy,
    statements: policyStatements(assembly, arns, policy),
  }));
  const boundary = properties['PermissionsBoundary'];
  const limits = boundary === undefined ? undefined : policyStatements(assembly, arns, boundary);
  const missing = named.filter(({ statements }) => !statements).map(({ policy }) => policy);
  if (boundary !== undefined && !limits) missing.push(boundary);
  return {
    role: {
      key,
      name: arns.nameOf(resource),
      arn: arns.arnOf(resource),
      account: arns.accountOf(resource),
      region,
      identity: [
        ...statementsIn(arns, properties['Policies']),
        ...attached.flatMap((policy) => statementsIn(arns, policy.properties['PolicyDocument'])),
        ...named.flatMap(({ statements = [] }) => statements),
      ],
      boundary: boundary === undefined ? undefined : (limits ?? []),
      trust: statementsIn(arns, properties['AssumeRolePolicyDocument']),
    },
    problems: missing.map((policy) => `${key} has the policy ${arns.text(policy)}, whose content no template has.`),
  };
}

/** The statements of a managed policy, by reference or by ARN; a boundary of another stack is named by its ARN. */
function policyStatements(assembly: Assembly, arns: Arns, value: unknown): Statement[] | undefined {
  const arn = arns.text(value);
  const own = assembly.ofType('AWS::IAM::ManagedPolicy').find((policy) => arns.arnOf(policy) === arn);
  return own ? statementsIn(arns, own.properties['PolicyDocument']) : statementsOfAws(arn);
}

function statementsIn(arns: Arns, value: unknown): Statement[] {
  return documentsIn(arns.texts(value)).flatMap(statementsOf);
}

interface PolicyPlace {
  /** The property of the resource itself that holds its policy. */
  readonly own?: string;
  /** The type of resource that holds it, and the property that names the resource. */
  readonly other?: readonly [type: string, names: string];
}

/** Types that answers are about, and where the policies of each are. */
const policyProperties: Readonly<Record<string, PolicyPlace>> = {
  'AWS::DynamoDB::Table': { own: 'ResourcePolicy' },
  'AWS::ECR::Repository': { own: 'RepositoryPolicyText' },
  'AWS::KMS::Key': { own: 'KeyPolicy' },
  'AWS::Lambda::Function': {},
  'AWS::Logs::LogGroup': {},
  'AWS::RDS::DBCluster': {},
  'AWS::RDS::DBInstance': {},
  'AWS::S3::Bucket': { other: ['AWS::S3::BucketPolicy', 'Bucket'] },
  'AWS::SNS::Topic': { other: ['AWS::SNS::TopicPolicy', 'Topics'] },
  'AWS::SQS::Queue': { other: ['AWS::SQS::QueuePolicy', 'Queues'] },
  'AWS::SecretsManager::Secret': { other: ['AWS::SecretsManager::ResourcePolicy', 'SecretId'] },
};

function guarded(assembly: Assembly, arns: Arns, resource: AssemblyResource): Guarded {
  const { own, other } = policyProperties[resource.type] ?? {};
  const policies = other
    ? assembly
        .ofType(other[0])
        .filter(({ properties }) => referencesIn(properties[other[1]]).some(({ target }) => target === resource.key))
    : [];
  const { key, type, region } = resource;
  return {
    key,
    name: arns.nameOf(resource),
    type,
    arn: arns.arnOf(resource),
    account: arns.accountOf(resource),
    region,
    policy: [
      ...(own === undefined ? [] : statementsIn(arns, resource.properties[own])),
      ...policies.flatMap(({ properties }) => statementsIn(arns, properties)),
    ],
  };
}

/** The secrets that RDS makes for master passwords, which are in no template. */
function masterSecrets(assembly: Assembly, arns: Arns): Guarded[] {
  return assembly
    .ofType('AWS::RDS::DBCluster', 'AWS::RDS::DBInstance')
    .filter(({ properties }) => properties['ManageMasterUserPassword'] === true)
    .map((database) => ({
      key: `${database.key}.MasterUserSecret`,
      name: `master password of ${arns.nameOf(database)}`,
      type: 'AWS::SecretsManager::Secret',
      arn: arns.masterSecretOf(database),
      account: arns.accountOf(database),
      region: database.region,
      policy: [],
    }));
}
