import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { TruststoreProperties } from './truststore';

const client = new S3Client();

/** Copies the file and says which version it has become. A version that was replaced stays: a rollback may refer to it. */
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
  if (VersionId === undefined) throw new Error(`The bucket ${Bucket} keeps no versions; turn versioning on.`);
  return { PhysicalResourceId: `${Bucket}/${Key}`, Data: { VersionId } };
}
