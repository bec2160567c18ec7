import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../lib/edge/rest-api/truststore.lambda';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

const properties = { SourceBucket: 'assets', SourceKey: 'hash.pem', Bucket: 'truststore', Key: 'truststore.pem' };
const call = (RequestType: string) =>
  handler({
    RequestType,
    PhysicalResourceId: 'truststore/truststore.pem',
    ResourceProperties: { ServiceToken: 'x', ...properties },
  } as unknown as Parameters<typeof handler>[0]);
const file = { transformToByteArray: () => Promise.resolve(Buffer.from('-----BEGIN CERTIFICATE-----')) };

test.each(['Create', 'Update'])('%s copies the file and returns its version', async (request) => {
  s3.on(GetObjectCommand, { Bucket: 'assets', Key: 'hash.pem' }).resolves({ Body: file as never });
  s3.on(PutObjectCommand).resolves({ VersionId: 'v2' });
  expect(await call(request)).toEqual({ PhysicalResourceId: 'truststore/truststore.pem', Data: { VersionId: 'v2' } });
  expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
    Bucket: 'truststore',
    Key: 'truststore.pem',
    Body: Buffer.from('-----BEGIN CERTIFICATE-----'),
  });
});

test('Delete changes nothing, because the bucket is auto-deleted', async () => {
  expect(await call('Delete')).toEqual({ PhysicalResourceId: 'truststore/truststore.pem' });
  expect(s3.calls()).toEqual([]);
});

test('throws for a bucket without versioning', async () => {
  s3.on(GetObjectCommand).resolves({ Body: file as never });
  s3.on(PutObjectCommand).resolves({});
  await expect(call('Create')).rejects.toThrow('Versioning is off in the bucket');
});

test('throws for a missing file', async () => {
  s3.on(GetObjectCommand).resolves({});
  await expect(call('Update')).rejects.toThrow('s3://assets/hash.pem is empty');
});
