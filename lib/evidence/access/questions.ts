import type { Assembly, AssemblyResource } from '../assembly';
import { isClusterMember } from '../property-access';
import { byCodeUnit } from '../sort';
import { type Way, waysOf, waysOfOther } from './decide';
import { type ConditionalActions, groupByConditions } from './group-by-conditions';
import type { Guarded, Policies, Role } from './read-policies';

/** A question of an auditor: who may do one of these actions to these resources? */
interface Question {
  readonly id: string;
  readonly text: string;
  readonly actions: readonly string[];
  /** The resources in question. */
  readonly about: (resource: Guarded, assembly: Assembly) => boolean;
  /** What actions on the content of the resource name. @default the ARN of the resource */
  readonly content?: (arn: string) => string;
}

/**
 * `CDK role`: of a custom resource that CDK itself brings. `deployment role`: of CDK's bootstrap, outside of the templates. `anyone`: whoever
 * meets the conditions.
 */
export const principalKinds = ['role', 'CDK role', 'deployment role', 'service', 'other account', 'anyone'] as const;

export type PrincipalKind = (typeof principalKinds)[number];

/** Someone who may. */
export interface Answer extends ConditionalActions {
  /** The name of a role, or of a principal outside of the assembly. */
  readonly principal: string;
  readonly kind: PrincipalKind;
  readonly resource: string;
}

export interface AnsweredQuestion {
  readonly id: string;
  readonly text: string;
  /** The resources that the question is about. */
  readonly resources: readonly string[];
  readonly answers: readonly Answer[];
}

const ofType = (type: string) => (resource: Guarded) => resource.type === type;

const questions: readonly Question[] = [
  {
    id: 'decrypt-database',
    text: 'Who can decrypt with the key of the database, or let others do so?',
    actions: ['kms:Decrypt', 'kms:CreateGrant', 'kms:ReEncryptFrom'],
    about: ({ key }, assembly) => databaseKeys(assembly).includes(key),
  },
  {
    id: 'connect-database',
    text: 'Who can connect to the database with an IAM token?',
    actions: ['rds-db:connect'],
    about: ({ key }, assembly) => databasesOf(assembly).some((database) => database.key === key),
    // The resource id of a database is known at deployment only.
    content: (arn) => arn.replace(/^arn:aws:rds:([^:]*:[^:]*):.*$/, 'arn:aws:rds-db:$1:dbuser:*'),
  },
  {
    id: 'read-secrets',
    text: 'Who can read a secret?',
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
    about: ofType('AWS::SecretsManager::Secret'),
  },
  {
    id: 'change-secrets',
    text: 'Who can change a secret or its policy?',
    actions: [
      'secretsmanager:DeleteSecret',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecret',
    ],
    about: ofType('AWS::SecretsManager::Secret'),
  },
  {
    id: 'delete-logs',
    text: 'Who can delete logs or shorten their retention?',
    actions: ['logs:DeleteLogGroup', 'logs:DeleteLogStream', 'logs:DeleteRetentionPolicy', 'logs:PutRetentionPolicy'],
    about: ofType('AWS::Logs::LogGroup'),
    content: (arn) => `${arn}*`,
  },
  {
    id: 'write-bucket',
    text: 'Who can write to a bucket?',
    actions: ['s3:PutObject', 's3:ReplicateObject'],
    about: ofType('AWS::S3::Bucket'),
    content: (arn) => `${arn}/*`,
  },
  {
    id: 'delete-objects',
    text: 'Who can delete objects or versions from a bucket?',
    actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:ReplicateDelete'],
    about: ofType('AWS::S3::Bucket'),
    content: (arn) => `${arn}/*`,
  },
  {
    id: 'push-images',
    text: 'Who can push an image?',
    actions: ['ecr:PutImage'],
    about: ofType('AWS::ECR::Repository'),
  },
  {
    id: 'destroy-keys',
    text: 'Who can disable or delete a key, or change its policy?',
    actions: ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
    about: ofType('AWS::KMS::Key'),
  },
];

/** Actions that change what a role may do or who may use it, by what they act on. */
const roleChanges: Readonly<Record<'role' | 'policy', readonly string[]>> = {
  role: [
    'iam:AttachRolePolicy',
    'iam:CreateRole',
    'iam:DeleteRole',
    'iam:DeleteRolePermissionsBoundary',
    'iam:DeleteRolePolicy',
    'iam:DetachRolePolicy',
    'iam:PutRolePermissionsBoundary',
    'iam:PutRolePolicy',
    'iam:UpdateAssumeRolePolicy',
  ],
  policy: ['iam:CreatePolicyVersion', 'iam:DeletePolicy', 'iam:DeletePolicyVersion', 'iam:SetDefaultPolicyVersion'],
};

/** Answers every question for the roles and the resource policies of an assembly. */
export function answersOf(assembly: Assembly, policies: Policies): AnsweredQuestion[] {
  return [...questions.map((question) => answer(assembly, policies, question)), rolesAnswer(policies)];
}

function answer(assembly: Assembly, { roles, resources }: Policies, question: Question): AnsweredQuestion {
  const { id, text, actions, about, content = (arn: string) => arn } = question;
  const asked = resources.filter((resource) => about(resource, assembly));
  const answers = asked.flatMap((guarded) => {
    const resource = content(guarded.arn);
    const request = (action: string) => ({ action, resource });
    const others = new Set(
      guarded.policy.flatMap(({ principals }) => principals).filter((each) => !isOwn(each, guarded)),
    );
    return [
      ...roles.flatMap((role) =>
        answersFor({ principal: role.name, kind: roleKind(role), resource: guarded.key }, actions, (action) =>
          waysOf(role, request(action), guarded),
        ),
      ),
      ...[...others].flatMap((principal) =>
        answersFor(
          { principal: principal.replace(/^(service|aws):/, ''), kind: kindOf(principal), resource: guarded.key },
          actions,
          (action) => waysOfOther(principal, request(action), guarded),
        ).map(deploymentRole),
      ),
    ];
  });
  return { id, text, resources: asked.map(({ key }) => key), answers: sorted(answers) };
}

/** Any role or policy of the account may be meant, also one that no template has. */
function rolesAnswer({ roles }: Policies): AnsweredQuestion {
  const answers = roles.flatMap((role) =>
    Object.entries(roleChanges).flatMap(([kind, changes]) => {
      const ways = (action: string) => waysOf(role, { action, resource: `arn:aws:iam::${role.account}:${kind}/*` });
      const named = [...new Set(changes.flatMap(ways).flatMap(({ resources }) => resources))];
      return answersFor({ principal: role.name, kind: roleKind(role), resource: named.join(', ') }, changes, ways);
    }),
  );
  const text = 'Who can change what a role may do?';
  return { id: 'change-roles', text, resources: roles.map(({ key }) => key), answers: sorted(answers) };
}

function answersFor(
  who: Pick<Answer, 'principal' | 'kind' | 'resource'>,
  actions: readonly string[],
  waysTo: (action: string) => readonly Way[],
): Answer[] {
  return groupByConditions(actions, waysTo).map((group) => ({ ...who, ...group }));
}

/** Logical ids of roles that CDK makes for its own custom resources and for its framework of providers. */
const madeByCdk = /CustomResourceProvider|Providerframework|waiterstatemachine|AWS679f53fac002430cb0da5b7982bd2287/;

export const roleKind = ({ key }: Pick<Role, 'key'>): PrincipalKind => (madeByCdk.test(key) ? 'CDK role' : 'role');

function kindOf(principal: string): PrincipalKind {
  if (principal.startsWith('service:')) return 'service';
  return principal === '*' ? 'anyone' : 'other account';
}

/** A policy for everyone may be limited to the roles of CDK's bootstrap. */
function deploymentRole(found: Answer): Answer {
  const limited = found.conditions.length > 0 && found.conditions.every((each) => /:role\/cdk-\S+$/.test(each));
  return found.kind === 'anyone' && limited ? { ...found, kind: 'deployment role' } : found;
}

/** Whether a principal of a policy is a role of the account or leaves the decision to the account. */
const isOwn = (principal: string, { account }: Guarded) =>
  principal.startsWith(`aws:arn:aws:iam::${account}:`) || principal === `aws:${account}`;

/** Clusters, and instances that belong to none. */
function databasesOf(assembly: Assembly): AssemblyResource[] {
  return assembly
    .ofType('AWS::RDS::DBCluster', 'AWS::RDS::DBInstance')
    .filter((database) => !isClusterMember(database));
}

function databaseKeys(assembly: Assembly): string[] {
  return databasesOf(assembly).flatMap(({ properties }) => assembly.target(properties['KmsKeyId'])?.key ?? []);
}

const sorted = (answers: readonly Answer[]) =>
  [...answers].sort(byCodeUnit(({ principal, resource }) => `${principal} ${resource}`));
