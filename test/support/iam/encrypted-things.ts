import { managedSecretArn, propertiesOf } from './template-values';
import type { PlatformPolicies } from './platform-policies';
import type { SynthesizedStack } from '../test-platform';

/** A resource that a service encrypts under a customer managed key on behalf of its users. */
export interface EncryptedThing {
  /** `compute.PaymentQueue…`. */
  readonly where: string;
  /** IAM's prefix of the service: `sqs`. */
  readonly service: string;
  readonly region: string;
  /** What actions on its content are granted on; a pattern for the objects of a bucket. */
  readonly arn: string;
  readonly keyArn: string;
  /** The encryption context that the service passes to KMS. */
  readonly encryptionContext: Readonly<Record<string, string>>;
}

type Describe = (
  stack: SynthesizedStack,
  id: string,
  arn: () => string,
) => Pick<EncryptedThing, 'service' | 'arn' | 'encryptionContext'>;

/** The path of the key in a resource type, and its encryption context. */
const onBehalfOfTheCaller: Readonly<Record<string, Describe>> = {
  'AWS::SecretsManager::Secret/KmsKeyId': (_stack, _id, arn) => secret(arn()),
  'AWS::RDS::DBCluster/MasterUserSecret/KmsKeyId': (stack, id) => secret(managedSecretArn(stack, id)),
  'AWS::RDS::DBInstance/MasterUserSecret/KmsKeyId': (stack, id) => secret(managedSecretArn(stack, id)),
  'AWS::S3::Bucket/BucketEncryption/ServerSideEncryptionConfiguration/ServerSideEncryptionByDefault/KMSMasterKeyID': (
    _stack,
    _id,
    arn,
  ) => ({ service: 's3', arn: `${arn()}/*`, encryptionContext: { 'aws:s3:arn': `${arn()}*` } }),
  'AWS::SQS::Queue/KmsMasterKeyId': (_stack, _id, arn) => ({
    service: 'sqs',
    arn: arn(),
    encryptionContext: { 'aws:sqs:arn': arn() },
  }),
  'AWS::SNS::Topic/KmsMasterKeyId': (_stack, _id, arn) => ({
    service: 'sns',
    arn: arn(),
    encryptionContext: { 'aws:sns:topicArn': arn() },
  }),
};

function secret(arn: string) {
  return { service: 'secretsmanager', arn, encryptionContext: { SecretARN: arn } };
}

/**
 * Keys that a service uses by a grant of whoever makes the resource, or as itself: whoever uses the resource needs no permission for KMS.
 * `logs` uses its key as itself; the log groups have a check of their own.
 */
const byGrantOrAsItself = [
  'AWS::EC2::Instance/BlockDeviceMappings/Ebs/KmsKeyId',
  'AWS::ECR::Repository/EncryptionConfiguration/KmsKey',
  'AWS::KinesisFirehose::DeliveryStream/DeliveryStreamEncryptionConfigurationInput/KeyARN',
  // Written by the stream's role into a bucket, which is in the list above.
  'AWS::KinesisFirehose::DeliveryStream/ExtendedS3DestinationConfiguration/EncryptionConfiguration/KMSEncryptionConfig/AWSKMSKeyARN',
  'AWS::Logs::LogGroup/KmsKeyId',
  'AWS::RDS::DBCluster/KmsKeyId',
  'AWS::RDS::DBCluster/PerformanceInsightsKmsKeyId',
  'AWS::RDS::DBInstance/KmsKeyId',
  'AWS::RDS::DBInstance/PerformanceInsightsKMSKeyId',
  // Replicas are written into a bucket, which is in the list above.
  'AWS::S3::Bucket/ReplicationConfiguration/Rules/Destination/EncryptionConfiguration/ReplicaKmsKeyID',
  // The role of the function comes from AWS's transform, which grants what the function needs.
  'AWS::SecretsManager::RotationSchedule/HostedRotationLambda/KmsKeyArn',
  // An environment variable for a function, whose own calls are checked.
  'Custom::RestoreDrill/KeyArn',
];

/** Places that refer to a key without encrypting anything. */
const notEncrypting = /^AWS::(IAM|KMS|EC2::VPCEndpoint)|Policy$|^AWS::Lambda::Function\/Environment/;

/** Every encrypted thing of a platform. @throws where a resource names a key in a place that is not known */
export function encryptedThings({ platform, values }: PlatformPolicies): EncryptedThing[] {
  const keys = new Set(
    platform.all.flatMap((stack) => stack.resources.entries('AWS::KMS::Key').map(([id]) => values.arnOf(stack, id))),
  );
  return platform.all.flatMap((stack) =>
    Object.entries(stack.resources.all).flatMap(([id, resource]) => {
      if (notEncrypting.test(resource.Type)) return [];
      return Object.entries(propertiesOf(resource))
        .filter(([, value]) => JSON.stringify(value).includes('Key'))
        .flatMap(([property, value]) => leavesOf(values.resolve(stack, value), `${resource.Type}/${property}`))
        .filter(([place, value]) => keys.has(value) && !notEncrypting.test(place) && !byGrantOrAsItself.includes(place))
        .map(([place, keyArn]) => {
          const describe = onBehalfOfTheCaller[place];
          if (!describe) throw new Error(`${place} of ${id} names a key; say who needs permission for it.`);
          const thing = describe(stack, id, () => values.arnOf(stack, id));
          return { ...thing, where: `${stack.tier}.${id}`, region: stack.region, keyArn };
        });
    }),
  );
}

/** Texts within a resolved value, with the path to each, without indexes. */
function leavesOf(value: unknown, path: string): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => leavesOf(each, path));
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, `${path}/${key}`));
}
