import { accessOf } from '../../../lib/evidence/access/access';
import { assemblyWith, type Resources } from '../../support/evidence/hand-made-network';
import { allow, role } from '../../support/evidence/hand-made-role';

const account = 'arn:aws:iam::111122223333:root';
const key = (...statements: readonly unknown[]): Resources => ({
  Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement: statements } } },
  Database: { Type: 'AWS::RDS::DBInstance', Properties: { KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
});
const delegation = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
const reader = (statements: readonly unknown[], more?: Record<string, unknown>) =>
  role('reader', 'lambda.amazonaws.com', statements, more);
const decrypt = (more: Record<string, unknown> = {}) =>
  allow(['kms:Decrypt'], { Resource: { 'Fn::GetAtt': ['Key', 'Arn'] }, ...more });
const deny = (statement: Record<string, unknown>) => ({ ...statement, Effect: 'Deny' });
const readerArn = 'arn:aws:iam::111122223333:role/reader';
const forRole = { Effect: 'Allow', Principal: { AWS: readerArn }, Action: 'kms:Decrypt', Resource: '*' };

/** Who may decrypt, with conditions. */
function decryptors(resources: Resources): string[] {
  const { questions } = accessOf(assemblyWith(resources));
  const answers = questions.find(({ id }) => id === 'decrypt-database')?.answers ?? [];
  return answers.map(({ principal, kind, actions, conditions }) =>
    [kind, principal, ...actions, ...conditions.map((each) => `if ${each}`)].join(' '),
  );
}

const yes = ['role reader kms:Decrypt'];

test.each<[string, Resources, readonly string[]]>([
  ['a grant and a delegation', { ...key(delegation), ...reader([decrypt()]) }, yes],
  ['a grant without a delegation', { ...key(), ...reader([decrypt()]) }, []],
  ['a delegation without a grant', { ...key(delegation), ...reader([]) }, []],
  ['a key policy that names the role', { ...key(forRole), ...reader([]) }, yes],
  [
    'a key policy that names another role',
    { ...key({ ...forRole, Principal: { AWS: `${readerArn}2` } }), ...reader([]) },
    [],
  ],
  ['a denial of the role', { ...key(delegation), ...reader([decrypt(), deny(decrypt())]) }, []],
  [
    'a denial of every action but some',
    { ...key(delegation), ...reader([decrypt(), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }]) },
    [],
  ],
  [
    'a denial of every resource but some',
    { ...key(delegation), ...reader([decrypt(), { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::*' }]) },
    [],
  ],
  [
    'a denial of another key',
    { ...key(delegation), ...reader([decrypt(), deny(decrypt({ Resource: 'arn:aws:kms:*:*:key/other' }))]) },
    yes,
  ],
  ['a denial of the key', { ...key(delegation, deny({ ...delegation, Principal: '*' })), ...reader([decrypt()]) }, []],
  [
    'a denial without TLS, which requests have',
    {
      ...key(
        delegation,
        deny({ ...delegation, Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ),
      ...reader([decrypt()]),
    },
    yes,
  ],
  [
    'a denial that depends on the request',
    {
      ...key(delegation),
      ...reader([decrypt(), deny(decrypt({ Condition: { StringEquals: { 'kms:ViaService': 's3' } } }))]),
    },
    yes,
  ],
  [
    'a boundary that does not allow',
    {
      ...key(delegation),
      ...reader([decrypt()], { PermissionsBoundary: { Ref: 'Limit' } }),
      Limit: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [allow(['s3:*'])] } } },
    },
    [],
  ],
  [
    'a condition',
    { ...key(delegation), ...reader([decrypt({ Condition: { StringEquals: { 'kms:ViaService': 's3' } } })]) },
    ['role reader kms:Decrypt if kms:ViaService StringEquals s3'],
  ],
  [
    'a condition that another account meets',
    {
      ...key(delegation),
      ...reader([decrypt({ Condition: { StringEquals: { 'kms:CallerAccount': '444455556666' } } })]),
    },
    [],
  ],
  [
    'a condition that another account does not meet',
    {
      ...key(delegation),
      ...reader([decrypt({ Condition: { StringNotEquals: { 'kms:CallerAccount': '444455556666' } } })]),
    },
    yes,
  ],
  [
    'a condition on an absent key',
    { ...key(delegation), ...reader([decrypt({ Condition: { Null: { 'aws:PrincipalArn': 'true' } } })]) },
    [],
  ],
  [
    'every action but some',
    { ...key(delegation), ...reader([{ Effect: 'Allow', NotAction: 's3:*', NotResource: 'arn:aws:s3:::*' }]) },
    ['role reader kms:Decrypt kms:CreateGrant kms:ReEncryptFrom'],
  ],
  [
    'an attached policy',
    {
      ...key(delegation),
      ...reader([]),
      Grants: {
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: [{ Ref: 'reader' }], PolicyDocument: { Statement: [decrypt()] } },
      },
    },
    yes,
  ],
  [
    'an administrator',
    { ...key(delegation), ...reader([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) },
    ['role reader kms:Decrypt kms:CreateGrant kms:ReEncryptFrom'],
  ],
  [
    'a service',
    key({ ...forRole, Principal: { Service: 'logs.amazonaws.com' } }),
    ['service logs.amazonaws.com kms:Decrypt'],
  ],
  [
    'a service that is denied',
    key(
      { ...forRole, Principal: { Service: 'logs.amazonaws.com' } },
      deny({ ...forRole, Principal: { Service: 'logs.amazonaws.com' } }),
    ),
    [],
  ],
  [
    'another account',
    key({ ...forRole, Principal: { AWS: '444455556666' } }),
    ['other account 444455556666 kms:Decrypt'],
  ],
  ['anyone', key({ ...forRole, Principal: '*' }), ['anyone * kms:Decrypt']],
  [
    'the roles of the bootstrap',
    key({
      ...forRole,
      Principal: '*',
      Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/cdk-*' } },
    }),
    ['deployment role * kms:Decrypt if aws:PrincipalArn ArnLike arn:aws:iam::111122223333:role/cdk-*'],
  ],
])('judges %s', (_name, resources, expected) => {
  expect(decryptors(resources)).toEqual(expected);
});

test('reports policies whose content no template has', () => {
  const { problems } = accessOf(
    assemblyWith(
      reader([], {
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'],
        PermissionsBoundary: 'arn:aws:iam::111122223333:policy/elsewhere',
      }),
    ),
  );
  expect(problems).toEqual([
    'Stack/reader has the policy arn:aws:iam::aws:policy/PowerUserAccess, whose content no template has.',
    'Stack/reader has the policy arn:aws:iam::111122223333:policy/elsewhere, whose content no template has.',
  ]);
});

test('lists what a role may do to each resource, after denials', () => {
  const { roles } = accessOf(
    assemblyWith({
      ...reader([
        allow(['s3:GetObject', 's3:PutObject'], { Resource: { 'Fn::Sub': '${Bucket.Arn}/*' } }),
        deny(allow(['s3:PutObject'])),
        allow(['sqs:SendMessage'], { Condition: { StringEquals: { 'aws:ResourceTag/a': 'b' } } }),
        allow(['sqs:ReceiveMessage']),
      ]),
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'bucket' } },
    }),
  );
  expect(roles).toEqual([
    {
      key: 'Stack/reader',
      name: 'reader',
      kind: 'role',
      assumedBy: ['lambda.amazonaws.com'],
      hasBoundary: false,
      grants: [
        { resource: '*', actions: ['sqs:ReceiveMessage'], conditions: [] },
        { resource: '*', actions: ['sqs:SendMessage'], conditions: ['aws:ResourceTag/a StringEquals b'] },
        { resource: 'arn:aws:s3:::bucket/*', actions: ['s3:GetObject'], conditions: [] },
      ],
    },
  ]);
});
