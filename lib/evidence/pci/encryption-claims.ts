import { isClusterMember, listAt, property, shown, statementsOf, valueAt } from '../property-access';
import type { Assembly, AssemblyResource } from '../assembly';
import { textOf } from '../values';
import { type Claim, forEach } from './claim';

/** Judges the key that a property names: it must be a key of the assembly, whose policy and rotation are known. */
function judgeKey(resource: AssemblyResource, path: string, assembly: Assembly) {
  const key = assembly.target(property(resource, path));
  const isOwn = key?.type === 'AWS::KMS::Key';
  return { holds: isOwn, detail: isOwn ? `${path}: ${key.key}` : `${shown(resource, path)} (no key of the assembly)` };
}

const keyClaim = (id: string, types: readonly string[], subject: string, statement: string, path: string): Claim => ({
  id,
  requirements: ['3.5.1'],
  statement,
  subject,
  examine: forEach(types, (resource, assembly) => judgeKey(resource, path, assembly)),
});

/** Where a bucket names its key. */
const bucketKey = 'BucketEncryption.ServerSideEncryptionConfiguration';

/** The first rule of a bucket's encryption. */
export function bucketEncryption(bucket: AssemblyResource): { algorithm: string; key: unknown } {
  const [rule] = listAt(bucket.properties, bucketKey).map((each) => valueAt(each, 'ServerSideEncryptionByDefault'));
  return { algorithm: textOf(valueAt(rule, 'SSEAlgorithm') ?? 'not set'), key: valueAt(rule, 'KMSMasterKeyID') };
}

/** Whether AWS writes access logs into a bucket, which it does with SSE-S3 only. */
export function receivesAccessLogs(bucket: AssemblyResource, assembly: Assembly): boolean {
  const byLoadBalancer = assembly.referrersOf(bucket.key, 'AWS::ElasticLoadBalancingV2::LoadBalancer').length > 0;
  const byBucket = assembly
    .ofType('AWS::S3::Bucket')
    .some(
      (other) => assembly.target(property(other, 'LoggingConfiguration.DestinationBucketName'))?.key === bucket.key,
    );
  return byLoadBalancer || byBucket;
}

/** Claims about keys and data at rest. */
export const encryptionClaims: readonly Claim[] = [
  {
    id: 'databases-encrypted',
    requirements: ['3.5.1'],
    statement: 'Each database encrypts its storage and backups with a customer managed key.',
    subject: 'databases',
    examine: forEach(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'], (database, assembly) => {
      // The instances of a cluster have the storage of the cluster.
      if (isClusterMember(database)) return undefined;
      const key = judgeKey(database, 'KmsKeyId', assembly);
      const isEncrypted = property(database, 'StorageEncrypted') === true;
      return { holds: isEncrypted && key.holds, detail: `${shown(database, 'StorageEncrypted')}, ${key.detail}` };
    }),
  },
  {
    id: 'buckets-encrypted',
    requirements: ['3.5.1'],
    statement: 'Each bucket encrypts with a customer managed key, or with SSE-S3 if AWS writes access logs into it.',
    subject: 'buckets',
    examine: forEach(['AWS::S3::Bucket'], (bucket, assembly) => {
      const { algorithm, key } = bucketEncryption(bucket);
      const isOwn = assembly.target(key)?.type === 'AWS::KMS::Key';
      const isLog = algorithm === 'AES256' && receivesAccessLogs(bucket, assembly);
      return {
        holds: isLog || (algorithm.startsWith('aws:kms') && isOwn),
        detail: `${algorithm}${key === undefined ? '' : ` with ${textOf(key)}`}${isLog ? ', receives access logs' : ''}`,
      };
    }),
  },
  keyClaim(
    'secrets-encrypted',
    ['AWS::SecretsManager::Secret'],
    'secrets',
    'Each secret is encrypted with a customer managed key.',
    'KmsKeyId',
  ),
  keyClaim(
    'logs-encrypted',
    ['AWS::Logs::LogGroup'],
    'log groups',
    'Each log group is encrypted with a customer managed key.',
    'KmsKeyId',
  ),
  keyClaim(
    'messages-encrypted',
    ['AWS::SQS::Queue', 'AWS::SNS::Topic'],
    'queues and topics',
    'Each queue and topic is encrypted with a customer managed key.',
    'KmsMasterKeyId',
  ),
  keyClaim(
    'images-encrypted',
    ['AWS::ECR::Repository'],
    'image repositories',
    'Each image repository is encrypted with a customer managed key.',
    'EncryptionConfiguration.KmsKey',
  ),
  keyClaim(
    'streams-encrypted',
    ['AWS::KinesisFirehose::DeliveryStream'],
    'delivery streams',
    'Each delivery stream is encrypted with a customer managed key.',
    'DeliveryStreamEncryptionConfigurationInput.KeyARN',
  ),
  {
    id: 'volumes-encrypted',
    requirements: ['3.5.1'],
    statement: 'Each volume of an EC2 instance is encrypted with a customer managed key.',
    subject: 'EC2 instances',
    examine: forEach(['AWS::EC2::Instance'], (instance, assembly) => {
      const volumes = listAt(instance.properties, 'BlockDeviceMappings').map((each) => valueAt(each, 'Ebs'));
      const isEncrypted = (volume: unknown) =>
        valueAt(volume, 'Encrypted') === true && assembly.target(valueAt(volume, 'KmsKeyId'))?.type === 'AWS::KMS::Key';
      return {
        holds: volumes.length > 0 && volumes.every(isEncrypted),
        detail:
          volumes
            .map(
              (volume) =>
                `Encrypted: ${textOf(valueAt(volume, 'Encrypted') ?? 'not set')}, KmsKeyId: ${textOf(valueAt(volume, 'KmsKeyId') ?? 'not set')}`,
            )
            .join('; ') || 'no volumes declared',
      };
    }),
  },
  {
    id: 'keys-rotated',
    requirements: ['3.6.1', '3.7.4'],
    statement: 'KMS rotates the material of each key every year.',
    subject: 'KMS keys',
    examine: forEach(['AWS::KMS::Key'], (key) => ({
      holds: property(key, 'EnableKeyRotation') === true,
      detail: shown(key, 'EnableKeyRotation'),
    })),
  },
  {
    id: 'keys-not-open',
    requirements: ['3.6.1', '3.7.7'],
    statement: 'No key policy allows everyone without limiting the caller’s account or service.',
    subject: 'KMS keys',
    operator: 'Decide which people may administer keys, and record it.',
    examine: forEach(['AWS::KMS::Key'], (key) => {
      const statements = statementsOf(property(key, 'KeyPolicy'));
      const open = statements.filter(
        ({ isAllow, principals, condition }) =>
          isAllow &&
          principals.includes('*') &&
          !/kms:CallerAccount|aws:PrincipalAccount|aws:SourceAccount/.test(JSON.stringify(condition)),
      );
      return { holds: open.length === 0, detail: `${statements.length} statements, ${open.length} open to everyone` };
    }),
  },
  {
    id: 'keys-recoverable',
    requirements: ['3.7.5'],
    statement: 'A key that is deleted by mistake can be recovered for at least seven days.',
    subject: 'KMS keys',
    examine: forEach(['AWS::KMS::Key'], (key) => ({
      holds: Number(property(key, 'PendingWindowInDays') ?? 30) >= 7,
      detail: shown(key, 'PendingWindowInDays'),
    })),
  },
];
