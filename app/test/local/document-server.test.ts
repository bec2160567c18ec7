import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DocumentContent, presignedRequestSeconds } from '../../src/documents/document-store.ts';
import { DocumentDirectory } from '../../src/documents/document-directory.ts';
import { described, startDocuments, type TestDocuments } from '../support/documents.ts';

const content = '%PDF-1.7 the proof';
let lateSeconds = 0;
let documents: TestDocuments;
beforeAll(async () => {
  documents = await startDocuments(() => Date.now() + lateSeconds * 1000);
});
afterAll(() => documents.close());

function newContent(of = content): DocumentContent {
  const { contentType, sizeBytes, sha256 } = described(of);
  return { key: `documents/${randomUUID()}/${randomUUID()}/${randomUUID()}`, contentType, sizeBytes, sha256 };
}

/** Every file of the directory except the secret. */
const files = () =>
  readdirSync(documents.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'signing-secret')
    .map(({ parentPath, name }) => join(parentPath, name));

test('stores a signed upload byte for byte, with mode 600', async () => {
  const wanted = newContent();
  expect(await documents.store.storedAt(wanted)).toBeUndefined();
  const response = await documents.make(await documents.store.presignUpload(wanted), content);
  expect(response.statusCode).toBe(200);
  const file = join(documents.directory, wanted.key);
  expect(readFileSync(file, 'utf8')).toBe(content);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(await documents.store.storedAt(wanted)).toEqual(statSync(file).mtime);
  expect(await documents.store.storedAt({ ...wanted, sha256: described('another').sha256 })).toBeUndefined();
});

describe('is rejected and not stored:', () => {
  const refused = async (
    change: (wanted: DocumentContent) => Promise<{ statusCode: number }>,
    status: number,
  ): Promise<void> => {
    const before = files();
    const wanted = newContent();
    expect((await change(wanted)).statusCode).toBe(status);
    expect(await documents.store.storedAt(wanted)).toBeUndefined();
    expect(files()).toEqual(before);
  };

  test.each([
    ['another content type', { 'content-type': 'text/html' }],
    ['another checksum', { 'x-amz-checksum-sha256': Buffer.from(described('x').sha256, 'hex').toString('base64') }],
  ])('%s than the signed one', (_what, headers) =>
    refused(async (wanted) => documents.make(await documents.store.presignUpload(wanted), content, headers), 403),
  );

  test.each(['', 'shorter', `${content} and more`])('content of another length: %j', (other) =>
    refused(async (wanted) => documents.make(await documents.store.presignUpload(wanted), other), 403),
  );

  test('other content of the same length, by its checksum', () =>
    refused(
      async (wanted) => documents.make(await documents.store.presignUpload(wanted), content.replace('7', '8')),
      400,
    ));

  test.each([
    [
      'signature',
      (url: string) => url.replace(/signature=(.)/, (_, digit) => `signature=${digit === '0' ? '1' : '0'}`),
    ],
    ['signature of none', (url: string) => url.replace(/&signature=.*/, '')],
    ['later end', (url: string) => url.replace(/expires=(\d+)/, (_, end) => `expires=${Number(end) + 60}`)],
    ['end that is no number', (url: string) => url.replace(/expires=\d+/, 'expires=never')],
    ['key', (url: string) => url.replace(/documents\/./, (key) => `documents/${key.endsWith('0') ? '1' : '0'}`)],
    ['key outside', (url: string) => url.replace(/documents\/[^?]*/, '..%2f..%2fsigning-secret')],
  ])('another %s', (_what, tampered) =>
    refused(async (wanted) => {
      const request = await documents.store.presignUpload(wanted);
      expect(tampered(request.url)).not.toBe(request.url);
      return documents.make({ ...request, url: tampered(request.url) }, content);
    }, 403),
  );

  test('a download that is used as an upload', () =>
    refused(async (wanted) => {
      const { headers } = await documents.store.presignUpload(wanted);
      const { url } = await documents.store.presignDownload(wanted, 'x.pdf');
      return documents.make({ method: 'PUT', url, headers, expiresAt: '' }, content);
    }, 403));

  test('a request that was signed in another run', () =>
    refused(async (wanted) => {
      const request = await documents.store.presignUpload(wanted);
      const next = await startDocuments();
      try {
        return await next.make(request, content);
      } finally {
        await next.close();
      }
    }, 403));

  test.each([
    [presignedRequestSeconds - 5, 200],
    [presignedRequestSeconds + 1, 403],
  ])('a request %i seconds after its signature receives %i', async (late, status) => {
    const request = await documents.store.presignUpload(newContent());
    lateSeconds = late;
    const response = await documents.make(request, content);
    lateSeconds = 0;
    expect(response.statusCode).toBe(status);
  });
});

describe('a download', () => {
  test('has the signed name and type', async () => {
    const wanted = newContent();
    await documents.make(await documents.store.presignUpload(wanted), content);
    const request = await documents.store.presignDownload(wanted, 'Beleg "März".pdf');
    const response = await documents.make(request);
    expect({ status: response.statusCode, body: response.body }).toEqual({ status: 200, body: content });
    expect(response.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="Beleg _M_rz_.pdf"; filename*=UTF-8''Beleg%20%22M%C3%A4rz%22.pdf`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    for (const [from, to] of [
      ['attachment', 'inline'],
      ['application%2Fpdf', 'text%2Fhtml'],
    ] as const) {
      expect((await documents.make({ ...request, url: request.url.replace(from, to) })).statusCode).toBe(403);
    }
  });

  test('of an unknown key returns 404', async () => {
    const request = await documents.store.presignDownload(newContent(), 'x.pdf');
    expect((await documents.make(request)).statusCode).toBe(404);
  });
});

test.each([
  ['http://localhost:8080', 'http://localhost:8080'],
  ['https://attacker.example', undefined],
  ['null', undefined],
])('CORS allows a page of %s as %s', async (origin, admitted) => {
  const preflight = await documents.server.inject({ method: 'OPTIONS', url: '/documents/x', headers: { origin } });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers['access-control-allow-origin']).toBe(admitted);
  expect(preflight.headers['access-control-allow-headers']).toBe('content-type, x-amz-checksum-sha256');
});

test('each run has its own secret, with mode 600', () => {
  const { secret } = new DocumentDirectory(documents.directory);
  expect(statSync(join(documents.directory, 'signing-secret')).mode & 0o077).toBe(0);
  expect(DocumentDirectory.prepare(documents.directory).secret.equals(secret)).toBe(false);
});
