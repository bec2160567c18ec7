import {
  GetBucketEncryptionCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  type S3Client,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { isKeyOf, problems } from './problems';

/** The configuration of a bucket. */
export interface DeployedBucket {
  readonly name: string;
  readonly access: PublicAccessBlockConfiguration | undefined;
  readonly encryption: readonly ServerSideEncryptionRule[];
  readonly policyIsPublic: boolean | undefined;
}

/** Reads one bucket; each has a policy, because each refuses requests without TLS. */
export async function readBucket(client: S3Client, name: string): Promise<DeployedBucket> {
  const Bucket = name;
  const [access, encryption, policy] = await Promise.all([
    client.send(new GetPublicAccessBlockCommand({ Bucket })),
    client.send(new GetBucketEncryptionCommand({ Bucket })),
    client.send(new GetBucketPolicyStatusCommand({ Bucket })),
  ]);
  return {
    name,
    access: access.PublicAccessBlockConfiguration,
    encryption: encryption.ServerSideEncryptionConfiguration?.Rules ?? [],
    policyIsPublic: policy.PolicyStatus?.IsPublic,
  };
}

/**
 * Private and encrypted.
 *
 * @param keyIds the keys that may encrypt it; `undefined` for access logs of a load balancer, which AWS writes with SSE-S3 only
 */
export function bucketProblems(bucket: DeployedBucket, keyIds: readonly string[] | undefined): string[] {
  const { name, access, encryption, policyIsPublic } = bucket;
  const switches = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'] as const;
  const defaults = encryption.map((rule) => rule.ApplyServerSideEncryptionByDefault);
  return problems([
    ...switches.map((each) => [access?.[each] === true, `${name} does not ${each}`] as const),
    [policyIsPublic === false, `the policy of ${name} is public`],
    keyIds === undefined
      ? [defaults.some((each) => each?.SSEAlgorithm === 'AES256'), `${name} is not encrypted with SSE-S3`]
      : [
          defaults.some((each) => each?.SSEAlgorithm === 'aws:kms' && isKeyOf(keyIds, each.KMSMasterKeyID)),
          `${name} is not encrypted under a customer managed key`,
        ],
  ]);
}
