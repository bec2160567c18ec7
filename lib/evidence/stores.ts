import type { Assembly, AssemblyResource } from './assembly';
import { bucketEncryption, receivesAccessLogs } from './pci/encryption-claims';
import { isClusterMember, listAt, property, valueAt } from './property-access';
import { byCodeUnit } from './sort';
import { textOf } from './values';

/** A place where data are at rest, with its key. */
export interface Store {
  readonly resource: string;
  readonly type: string;
  /** The key, or how AWS encrypts without one of ours. */
  readonly key: string;
  /** Whether the key rotates; `null` if it is none of ours. */
  readonly isKeyRotated: boolean | null;
  /** `own`: a customer managed key. `aws`: a key of AWS, where no other is possible. `gap`: anything less. */
  readonly protection: 'own' | 'aws' | 'gap';
  readonly note: string;
}

/** Where each type of store names its key. */
const keyPaths: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'SSESpecification.KMSMasterKeyId',
  'AWS::ECR::Repository': 'EncryptionConfiguration.KmsKey',
  'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamEncryptionConfigurationInput.KeyARN',
  'AWS::Logs::LogGroup': 'KmsKeyId',
  'AWS::RDS::DBCluster': 'KmsKeyId',
  'AWS::RDS::DBInstance': 'KmsKeyId',
  'AWS::SNS::Topic': 'KmsMasterKeyId',
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
};

/** Every store of an assembly with its key. */
export function storesOf(assembly: Assembly): Store[] {
  const plain = assembly.ofType(...Object.keys(keyPaths)).filter((resource) => !isClusterMember(resource));
  const stores = [
    ...plain.map((resource) => store(resource, property(resource, keyPaths[resource.type] ?? ''), assembly)),
    ...assembly.ofType('AWS::S3::Bucket').map((bucket) => bucketStore(bucket, assembly)),
    ...assembly.ofType('AWS::Cognito::UserPool').map(userPoolStore),
    ...assembly.ofType('AWS::EC2::Instance').flatMap((instance) => volumes(instance, assembly)),
  ];
  return stores.sort(byCodeUnit(({ type, resource }) => `${type} ${resource}`));
}

function store({ key: resource, type, ...rest }: AssemblyResource, keyValue: unknown, assembly: Assembly): Store {
  const key = assembly.target(keyValue);
  const isUnencrypted = type.startsWith('AWS::RDS::') && rest.properties['StorageEncrypted'] !== true;
  if (key?.type === 'AWS::KMS::Key' && !isUnencrypted) {
    const isKeyRotated = property(key, 'EnableKeyRotation') === true;
    return { resource, type, key: key.key, isKeyRotated, protection: 'own', note: '' };
  }
  const note = isUnencrypted ? 'not encrypted' : 'no customer managed key of this assembly';
  return {
    resource,
    type,
    key: keyValue === undefined ? 'none' : textOf(keyValue),
    isKeyRotated: null,
    protection: 'gap',
    note,
  };
}

function bucketStore(bucket: AssemblyResource, assembly: Assembly): Store {
  const { algorithm, key } = bucketEncryption(bucket);
  if (algorithm !== 'AES256' || !receivesAccessLogs(bucket, assembly)) return store(bucket, key, assembly);
  const note = 'AWS writes access logs with SSE-S3 only';
  return { resource: bucket.key, type: bucket.type, key: 'SSE-S3', isKeyRotated: null, protection: 'aws', note };
}

/** Names, addresses and password verifiers of persons; no payment data. */
function userPoolStore({ key: resource, type }: AssemblyResource): Store {
  const note = 'Cognito encrypts persons with a key of its own';
  return { resource, type, key: 'AWS owned', isKeyRotated: null, protection: 'aws', note };
}

function volumes(instance: AssemblyResource, assembly: Assembly): Store[] {
  return listAt(instance.properties, 'BlockDeviceMappings').map((mapping) => {
    const volume = store(instance, valueAt(mapping, 'Ebs.KmsKeyId'), assembly);
    const name = `${instance.key} ${textOf(valueAt(mapping, 'DeviceName') ?? 'volume')}`;
    return { ...volume, resource: name, type: 'volume of AWS::EC2::Instance' };
  });
}
