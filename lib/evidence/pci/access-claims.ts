import type { Assembly, AssemblyResource } from '../assembly';
import {
  isClusterMember,
  listAt,
  type PolicyStatement,
  property,
  shown,
  statementsOf,
  valueAt,
} from '../property-access';
import { isRecord, textOf, UnknownValue } from '../values';
import { type Claim, forEach } from './claim';

/** The policy of the assembly that bounds a role; the boundary may be named by its ARN. */
function boundaryOf(role: AssemblyResource, assembly: Assembly): AssemblyResource | undefined {
  const boundary = property(role, 'PermissionsBoundary');
  const name = /policy\/(?:.*\/)?([^/]+)$/.exec(textOf(boundary ?? ''))?.[1];
  return (
    assembly.target(boundary) ??
    assembly
      .ofType('AWS::IAM::ManagedPolicy')
      .find((policy) => name !== undefined && property(policy, 'ManagedPolicyName') === name)
  );
}

const denies = (statements: readonly PolicyStatement[], action: string): boolean =>
  statements.some(({ isAllow, actions, resources }) => !isAllow && actions.includes(action) && resources.includes('*'));

/** The actions that a boundary must deny, so that no role can hide what it did or give itself more. */
const deniedByBoundary = [
  'iam:CreateUser',
  'iam:DeleteRolePermissionsBoundary',
  'cloudtrail:StopLogging',
  'logs:DeleteLogGroup',
  'logs:PutRetentionPolicy',
  'ec2:DeleteFlowLogs',
];

/** Names of environment variables that suggest a secret, except where they name its place. */
const isSecretName = (name: string): boolean =>
  /(PASSWORD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)/i.test(name) && !/(ARN|NAME|ID|URL|URI|PREFIX|HASH)$/i.test(name);

function plainSecrets(variables: readonly (readonly [string, unknown])[]): string[] {
  return variables.filter(([name, value]) => isSecretName(name) && typeof value === 'string').map(([name]) => name);
}

/** Claims about roles, policies and credentials. */
export const accessClaims: readonly Claim[] = [
  {
    id: 'policies-not-unlimited',
    requirements: ['7.2.1', '7.2.2', '7.2.5'],
    statement: 'No policy of a role allows every action, or every action of a service on every resource.',
    subject: 'policies of roles',
    examine: forEach(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'], (holder) => {
      const documents =
        holder.type === 'AWS::IAM::Role'
          ? listAt(holder.properties, 'Policies').map((policy) => valueAt(policy, 'PolicyDocument'))
          : [property(holder, 'PolicyDocument')];
      const isAttached =
        holder.type === 'AWS::IAM::Role' ||
        ['Roles', 'Users', 'Groups'].some((path) => listAt(holder.properties, path).length > 0);
      if (documents.length === 0 || !isAttached) return undefined;
      const statements = documents.flatMap(statementsOf);
      const unlimited = statements.filter(
        ({ isAllow, actions, resources }) =>
          isAllow &&
          (actions.includes('*') || (resources.includes('*') && actions.some((action) => action.endsWith(':*')))),
      );
      return {
        holds: unlimited.length === 0,
        detail: `${statements.length} statements, ${unlimited.length} unlimited`,
      };
    }),
  },
  {
    id: 'roles-bounded',
    requirements: ['7.2.5', '7.3.1', '10.3.2'],
    statement:
      'A permissions boundary denies each role to create identities, to lift the boundary and to delete or shorten logs.',
    subject: 'roles',
    examine: forEach(['AWS::IAM::Role'], (role, assembly) => {
      const boundary = boundaryOf(role, assembly);
      if (!boundary)
        return { holds: false, detail: `${shown(role, 'PermissionsBoundary')} (no policy of the assembly)` };
      const statements = statementsOf(property(boundary, 'PolicyDocument'));
      const missing = deniedByBoundary.filter((action) => !denies(statements, action));
      return {
        holds: missing.length === 0,
        detail:
          missing.length === 0 ? `bounded by ${boundary.key}` : `${boundary.key} does not deny ${missing.join(', ')}`,
      };
    }),
  },
  {
    id: 'roles-for-services',
    requirements: ['7.2.5', '8.2.2', '8.6.1'],
    statement: 'Only AWS services assume the roles; the platform has no IAM users and no access keys.',
    subject: 'roles',
    operator: 'Give people access by an identity provider with multi-factor authentication.',
    examine: forEach(['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::AccessKey'], (identity) => {
      if (identity.type !== 'AWS::IAM::Role')
        return { holds: false, detail: `the assembly creates an ${identity.type}` };
      const principals = statementsOf(property(identity, 'AssumeRolePolicyDocument')).flatMap(
        ({ principals: each }) => each,
      );
      return {
        holds: principals.length > 0 && principals.every((each) => each.startsWith('Service:')),
        detail: principals.join(', '),
      };
    }),
  },
  {
    id: 'functions-not-public',
    requirements: ['7.3.1', '7.3.3'],
    statement: 'No permission lets everyone invoke a function.',
    subject: 'permissions of functions',
    examine: forEach(['AWS::Lambda::Permission'], (permission) => ({
      holds:
        textOf(property(permission, 'Principal') ?? '*') !== '*' &&
        property(permission, 'FunctionUrlAuthType') !== 'NONE',
      detail: shown(permission, 'Principal'),
    })),
  },
  {
    id: 'buckets-private',
    requirements: ['1.4.4', '7.2.1', '7.3.3'],
    statement: 'Each bucket blocks public access and ignores access control lists.',
    subject: 'buckets',
    examine: forEach(['AWS::S3::Bucket'], (bucket) => {
      const names = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
      const open = names.filter((name) => property(bucket, `PublicAccessBlockConfiguration.${name}`) !== true);
      const owner = textOf(
        valueAt(listAt(bucket.properties, 'OwnershipControls.Rules')[0], 'ObjectOwnership') ?? 'not set',
      );
      return {
        holds: open.length === 0 && owner === 'BucketOwnerEnforced',
        detail: `${open.length === 0 ? 'public access blocked' : `not set: ${open.join(', ')}`}, ObjectOwnership: ${owner}`,
      };
    }),
  },
  {
    id: 'no-shell-in-tasks',
    requirements: ['2.2.4', '8.2.2'],
    statement: 'Nobody can open a shell in a running task.',
    subject: 'ECS services',
    examine: forEach(['AWS::ECS::Service'], (service) => ({
      holds: property(service, 'EnableExecuteCommand') !== true,
      detail: shown(service, 'EnableExecuteCommand'),
    })),
  },
  {
    id: 'no-secrets-in-environment',
    requirements: ['8.3.2', '8.6.2'],
    statement: 'No environment variable of a container or function holds a secret.',
    subject: 'task definitions and functions',
    examine: forEach(['AWS::ECS::TaskDefinition', 'AWS::Lambda::Function'], (holder) => {
      const ofContainers = listAt(holder.properties, 'ContainerDefinitions')
        .flatMap((container) => listAt(container, 'Environment'))
        .map((each) => [textOf(valueAt(each, 'Name')), valueAt(each, 'Value')] as const);
      const ofFunction = property(holder, 'Environment.Variables');
      const variables = [...ofContainers, ...(isRecord(ofFunction) ? Object.entries(ofFunction) : [])];
      const found = plainSecrets(variables);
      return {
        holds: found.length === 0,
        detail: found.length === 0 ? `${variables.length} variables, none a secret` : `secrets in ${found.join(', ')}`,
      };
    }),
  },
  {
    id: 'secrets-generated',
    requirements: ['2.2.2', '8.3.6'],
    statement: 'AWS generates each secret, with at least 20 characters.',
    subject: 'secrets',
    examine: forEach(['AWS::SecretsManager::Secret'], (secret) => {
      const generator = property(secret, 'GenerateSecretString');
      // A secret without a value in the template receives it at deployment.
      const isEmpty = generator === undefined && property(secret, 'SecretString') === undefined;
      const length = Number(valueAt(generator, 'PasswordLength') ?? 32);
      return {
        holds: isEmpty || (isRecord(generator) && length >= 20),
        detail: isEmpty
          ? 'no value in the template'
          : isRecord(generator)
            ? `generated, ${length} characters`
            : 'the template holds the value',
      };
    }),
  },
  {
    id: 'database-credential-rotated',
    requirements: ['8.3.9', '8.6.3'],
    statement: 'The master credential of each database is generated and rotated at least every 90 days.',
    subject: 'databases',
    operator: 'Decide by a risk analysis whether 30 days suit the other credentials, too.',
    examine: forEach(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'], (database, assembly) => {
      if (isClusterMember(database)) return undefined;
      const secret = assembly.target(property(database, 'MasterUserPassword'));
      const attachments = secret
        ? assembly.referrersOf(secret.key, 'AWS::SecretsManager::SecretTargetAttachment').map(({ key }) => key)
        : [];
      const places = [database.key, ...(secret ? [secret.key] : []), ...attachments];
      const [rotation] = assembly
        .ofType('AWS::SecretsManager::RotationSchedule')
        .filter((schedule) => places.includes(assembly.target(property(schedule, 'SecretId'))?.key ?? ''));
      const days = rotation && rotationDays(rotation);
      return {
        holds: days !== undefined && days <= 90,
        detail: days === undefined ? 'no rotation in the assembly' : `every ${days} days`,
      };
    }),
  },
  {
    id: 'database-login-without-password',
    requirements: ['8.3.1', '8.6.2'],
    statement: 'Roles log into each database with IAM tokens instead of passwords.',
    subject: 'databases',
    examine: forEach(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'], (database, assembly) => {
      if (isClusterMember(database)) return undefined;
      const policies = assembly
        .ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
        .flatMap((policy) => statementsOf(property(policy, 'PolicyDocument')));
      const count = policies.filter(({ isAllow, actions }) => isAllow && actions.includes('rds-db:connect')).length;
      const isEnabled = property(database, 'EnableIAMDatabaseAuthentication') === true;
      return {
        holds: isEnabled && count > 0,
        detail: `${shown(database, 'EnableIAMDatabaseAuthentication')}, ${count} statements allow rds-db:connect`,
      };
    }),
  },
];

function rotationDays(schedule: AssemblyResource): number | undefined {
  const after = property(schedule, 'RotationRules.AutomaticallyAfterDays');
  const rate = /^rate\((\d+) days?\)$/.exec(textOf(property(schedule, 'RotationRules.ScheduleExpression') ?? ''))?.[1];
  const days = after ?? rate;
  return days === undefined || days instanceof UnknownValue ? undefined : Number(days);
}
