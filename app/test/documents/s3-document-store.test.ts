import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DocumentContent,
  type PresignedRequest,
  presignedRequestSeconds,
  StoreUnavailableError,
} from '../../src/documents/document-store.ts';
import { S3DocumentStore } from '../../src/documents/s3-document-store.ts';
import { described } from '../support/documents.ts';
import { credentials, region, type S3Endpoint, startS3Endpoint } from '../support/s3-endpoint.ts';

const content = '%PDF-1.7 the proof';
const bucket = 'documents-bucket-test1-111122223333';
let endpoint: S3Endpoint;
let store: S3DocumentStore;
let wanted: DocumentContent;
let count = 0;
beforeAll(async () => {
  endpoint = await startS3Endpoint();
  store = new S3DocumentStore(bucket, { region, credentials, endpoint: endpoint.url, forcePathStyle: true });
});
afterAll(() => endpoint.close());

function newContent(): DocumentContent {
  const { contentType, sizeBytes, sha256 } = described(content);
  return { key: `documents/m/p/${++count}`, contentType, sizeBytes, sha256 };
}

async function make({ method, url, headers }: PresignedRequest, body?: string, changes = {}): Promise<Response> {
  return fetch(url, { method, headers: { ...headers, ...changes }, ...(body !== undefined && { body }) });
}

describe('an upload', () => {
  test('is presigned for five minutes, with type, length and checksum as signed headers', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { url, headers, expiresAt, method } = await store.presignUpload(newContent());
    const query = new URL(url).searchParams;
    expect(method).toBe('PUT');
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host;x-amz-checksum-sha256');
    expect(query.get('X-Amz-Expires')).toBe(String(presignedRequestSeconds));
    expect(Date.parse(expiresAt) - before).toBeGreaterThanOrEqual(presignedRequestSeconds * 1000);
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + presignedRequestSeconds * 1000);
    expect(headers).toEqual({
      'content-type': 'application/pdf',
      'x-amz-checksum-sha256': Buffer.from(described(content).sha256, 'hex').toString('base64'),
    });
    // No checksum of the SDK, and none in the URL, where a client could replace it.
    expect([...query.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
  });

  test('is accepted as signed, and found afterwards', async () => {
    wanted = newContent();
    expect(await store.storedAt(wanted)).toBeUndefined();
    expect((await make(await store.presignUpload(wanted), content)).status).toBe(200);
    expect(await store.storedAt(wanted)).toEqual(new Date('2026-03-31T12:00:00Z'));
  });

  test.each([
    ['another type', content, { 'content-type': 'text/html' }, 403],
    ['another length', `${content} and more`, {}, 403],
    ['another checksum', content, { 'x-amz-checksum-sha256': 'AAAA' }, 403],
    ['other content of this length', content.replace('7', '8'), {}, 400],
  ])('with %s is rejected', async (_what, body, changes, status) => {
    const refused = newContent();
    expect((await make(await store.presignUpload(refused), body, changes)).status).toBe(status);
    expect(await store.storedAt(refused)).toBeUndefined();
  });
});

test('a download is an attachment with name and type, and not cacheable', async () => {
  const request = await store.presignDownload(wanted, 'März.pdf');
  const query = new URL(request.url).searchParams;
  expect(query.get('response-content-disposition')).toBe(
    `attachment; filename="M_rz.pdf"; filename*=UTF-8''M%C3%A4rz.pdf`,
  );
  expect(query.get('response-content-type')).toBe('application/pdf');
  expect(query.get('response-cache-control')).toBe('private, no-store');
  expect(await (await make(request)).text()).toBe(content);
  const inline = { ...request, url: request.url.replace('attachment', 'inline') };
  expect((await make(inline)).status).toBe(403);
});

test('uses the regional virtual-hosted endpoint of the bucket', async () => {
  const inAws = new S3DocumentStore(bucket, { region: 'us-east-1', credentials });
  const { url } = await inAws.presignUpload(newContent());
  expect(new URL(url).origin).toBe(`https://${bucket}.s3.us-east-1.amazonaws.com`);
});

describe('a stored object', () => {
  test('is not the document when its length or checksum differs', async () => {
    const path = `/${bucket}/${wanted.key}`;
    const found = endpoint.objects.get(path);
    if (!found) throw new Error('The upload of an earlier test is there.');
    for (const other of [
      { content: Buffer.from('short'), sha256: found.sha256 },
      { content: found.content, sha256: 'AAAA' },
    ]) {
      endpoint.objects.set(path, other);
      expect(await store.storedAt(wanted)).toBeUndefined();
    }
    endpoint.objects.set(path, found);
    expect(await store.storedAt(wanted)).toBeDefined();
  });

  test('is StoreUnavailableError while S3 fails, but not when S3 denies access', async () => {
    endpoint.failWith(503);
    await expect(store.storedAt(wanted)).rejects.toThrow(StoreUnavailableError);
    endpoint.failWith(403);
    await expect(store.storedAt(wanted)).rejects.not.toThrow(StoreUnavailableError);
    endpoint.failWith(undefined);
    const nowhere = new S3DocumentStore(bucket, { region, credentials, endpoint: 'http://127.0.0.1:1' });
    await expect(nowhere.storedAt(wanted)).rejects.toThrow(StoreUnavailableError);
  });
});
