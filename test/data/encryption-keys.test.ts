import { EncryptionKeys } from '../../lib/data/encryption-keys';
import { dataTier } from '../support/data-tier';
import { referenceOf, TemplateResources, type TemplateStatement } from '../support/template-resources';
import { TestStack } from '../support/test-app';

const stack = new TestStack();
new EncryptionKeys(stack, 'Keys', { names: stack.names });
const resources = new TemplateResources(stack);
const tier = new TemplateResources(dataTier());

/** The key behind an alias. */
function key(from: TemplateResources, alias: string) {
  const [, found] =
    from.entries('AWS::KMS::Alias').find(([, { Properties }]) => Properties['AliasName'] === alias) ?? [];
  const resource = from.all[referenceOf(found?.Properties['TargetKeyId']) ?? ''];
  if (!resource) throw new Error(`There is no key ${alias}.`);
  const { Statement } = resource.Properties['KeyPolicy'] as { Statement: TemplateStatement[] };
  return { resource, statements: Statement };
}

const administration: TemplateStatement = {
  Effect: 'Allow',
  Principal: { AWS: { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':root']] } },
  Action: 'kms:*',
  Resource: '*',
};

test('has a key each for database, secrets and images', () => {
  expect(resources.properties('AWS::KMS::Alias').map(({ AliasName }) => AliasName)).toEqual([
    'alias/database-key-test1',
    'alias/secrets-key-test1',
    'alias/images-key-test1',
  ]);
  resources.template.resourceCountIs('AWS::KMS::Key', 3);
});

test('rotates every key, with the shortest waiting period for deletion', () => {
  const keys = tier.entries('AWS::KMS::Key');
  expect(keys).toHaveLength(4);
  for (const [, resource] of keys) {
    expect(resource).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { EnableKeyRotation: true, PendingWindowInDays: 7 },
    });
  }
});

test.each(['database', 'images'])('leaves access to the key of the %s to IAM of this account', (purpose) => {
  expect(key(resources, `alias/${purpose}-key-test1`).statements).toEqual([administration]);
});

test('lets readers and writers of a secret use its key through Secrets Manager only', () => {
  expect(key(resources, 'alias/secrets-key-test1').statements).toEqual([
    administration,
    {
      Sid: 'ThroughSecretsManagerOnly',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      Condition: {
        StringEquals: {
          'kms:CallerAccount': { Ref: 'AWS::AccountId' },
          'kms:ViaService': 'secretsmanager.eu-south-2.amazonaws.com',
        },
      },
    },
  ]);
});

test('lets CloudWatch Logs use the log key for log groups of this region and account only', () => {
  const groups = ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-south-2:', { Ref: 'AWS::AccountId' }, ':*'];
  expect(key(tier, 'alias/data-stack-test1-logs').statements).toEqual([
    administration,
    {
      Effect: 'Allow',
      Principal: { Service: 'logs.eu-south-2.amazonaws.com' },
      Action: ['kms:Decrypt*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: '*',
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', groups] } } },
    },
  ]);
});

test('encrypts each class of data under its own key', () => {
  const aliasOf = (reference: unknown) =>
    tier.properties('AWS::KMS::Alias').find(({ TargetKeyId }) => referenceOf(TargetKeyId) === referenceOf(reference))?.[
      'AliasName'
    ];
  const [, { Properties: cluster }] = tier.only('AWS::RDS::DBCluster');
  const [, { Properties: repository }] = tier.only('AWS::ECR::Repository');
  const [, { Properties: logGroup }] = tier.only('AWS::Logs::LogGroup');
  const references = [
    cluster['KmsKeyId'],
    (cluster['MasterUserSecret'] as { KmsKeyId: unknown }).KmsKeyId,
    (repository['EncryptionConfiguration'] as { KmsKey: unknown }).KmsKey,
    logGroup['KmsKeyId'],
  ];
  expect(references.map(aliasOf)).toEqual([
    'alias/database-key-test1',
    'alias/secrets-key-test1',
    'alias/images-key-test1',
    'alias/data-stack-test1-logs',
  ]);
});
