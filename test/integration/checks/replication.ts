import {
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  type ReplicationRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import { problems } from './problems';

/** The versioning and replication of a bucket. */
export interface DeployedReplication {
  readonly name: string;
  readonly versioning: string | undefined;
  readonly rules: readonly ReplicationRule[];
}

/** Reads one bucket; most are replicated nowhere. */
export async function readReplication(client: S3Client, Bucket: string): Promise<DeployedReplication> {
  const { Status: versioning } = await client.send(new GetBucketVersioningCommand({ Bucket }));
  try {
    const { ReplicationConfiguration } = await client.send(new GetBucketReplicationCommand({ Bucket }));
    return { name: Bucket, versioning, rules: ReplicationConfiguration?.Rules ?? [] };
  } catch (error) {
    if ((error as Error).name !== 'ReplicationConfigurationNotFoundError') throw error;
    return { name: Bucket, versioning, rules: [] };
  }
}

/** A bucket in the home region is replicated to the replica bucket, and both are versioned. */
export function replicationProblems(home: readonly DeployedReplication[], replica: DeployedReplication): string[] {
  const destination = `arn:aws:s3:::${replica.name}`;
  const source = home.find(({ rules }) =>
    rules.some(({ Status, Destination }) => Status === 'Enabled' && Destination?.Bucket === destination),
  );
  if (source === undefined) return [`nothing is replicated into ${replica.name}`];
  return problems(
    [source, replica].map(({ name, versioning }) => [
      versioning === 'Enabled',
      `${name} keeps no versions, so that nothing is replicated`,
    ]),
  );
}
