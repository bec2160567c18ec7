import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { TruststoreProperties } from './truststore';

const client = new S3Client();

/** Copies the truststore to its bucket and returns the new version ID. Keeps earlier versions, because a rollback may refer to one. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<object> {
  const { SourceBucket, SourceKey, Bucket, Key } = event.ResourceProperties as unknown as TruststoreProperties;
  if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId };
  const { Body } = await client.send(new GetObjectCommand({ Bucket: SourceBucket, Key: SourceKey }));
  if (!Body) throw new Error(`s3://${SourceBucket}/${SourceKey} is empty.`);
  const { VersionId } = await client.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: await Body.transformToByteArray(),
      ContentType: 'application/x-pem-file',
    }),
  );
  if (VersionId === undefined) throw new Error(`Versioning is off in the bucket ${Bucket}. Turn it on.`);
  return { PhysicalResourceId: `${Bucket}/${Key}`, Data: { VersionId } };
}
