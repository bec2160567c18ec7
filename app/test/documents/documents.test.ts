import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxSizeBytes } from '../../src/documents/document.ts';
import {
  type DocumentStore,
  type PresignedRequest,
  StoreUnavailableError,
} from '../../src/documents/document-store.ts';
import { described } from '../support/documents.ts';
import { newKey, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

interface DocumentBody {
  readonly id: string;
  readonly status: string;
  readonly storedAt: string | null;
  readonly expiresAt: string | null;
}
interface Registration {
  readonly document: DocumentBody;
  readonly upload: PresignedRequest | null;
}
interface Answer {
  readonly document: DocumentBody;
  readonly download: PresignedRequest | null;
}

/** The number of lookups in the store, and whether it is unavailable. */
let asked = 0;
let away = false;
const watched = (store: DocumentStore): DocumentStore => ({
  presignUpload: (content) => store.presignUpload(content),
  presignDownload: (content, name) => store.presignDownload(content, name),
  storedAt(content) {
    asked += 1;
    return away ? Promise.reject(new StoreUnavailableError('test')) : store.storedAt(content);
  },
});

let platform: TestPlatform;
let path: string;
beforeAll(async () => {
  platform = await startPlatform({ documents: watched });
  path = `/payments/${(await platform.pay()).id}/documents`;
});
afterAll(() => platform.close());

async function register(content: string, key: string = randomUUID(), at = path) {
  const response = await platform.post(at, described(content), { 'idempotency-key': key });
  expect(response.statusCode, response.body).toBe(201);
  return { response, ...response.json<Registration>() };
}

async function upload({ upload: request }: Registration, content: string): Promise<void> {
  if (!request) throw new Error('There is nothing to upload.');
  expect((await platform.documents.make(request, content)).statusCode).toBe(200);
}

const read = async (id: string) => (await platform.get(`${path}/${id}`)).json<Answer>();

describe('a document', () => {
  test('is pending after registration, stored after the upload, and downloads unchanged', async () => {
    const registration = await register('the proof');
    const { document, response } = registration;
    expect(document).toEqual({
      id: document.id,
      paymentId: path.split('/')[2],
      ...described('the proof'),
      status: 'pending',
      createdAt: expect.stringMatching(/Z$/) as string,
      storedAt: null,
      expiresAt: null,
    });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(await read(document.id)).toEqual({ document, download: null });

    await upload(registration, 'the proof');
    const { document: stored, download } = await read(document.id);
    expect(stored.status).toBe('stored');
    expect(Date.parse(stored.expiresAt ?? '') - Date.parse(stored.storedAt ?? '')).toBe(30 * 86_400_000);
    if (!download) throw new Error('A stored document can be downloaded.');
    const file = await platform.documents.make(download);
    expect({ status: file.statusCode, body: file.body }).toEqual({ status: 200, body: 'the proof' });
    expect(file.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="invoice.pdf"; filename*=UTF-8''invoice.pdf`,
      'x-content-type-options': 'nosniff',
    });
  });

  test('is looked up in the store until it is stored, and never again', async () => {
    const registration = await register('asked about');
    asked = 0;
    await read(registration.document.id);
    await upload(registration, 'asked about');
    await read(registration.document.id);
    expect(asked).toBe(2);
    const answers = [await read(registration.document.id), await read(registration.document.id)];
    expect(answers.map(({ document }) => document.status)).toEqual(['stored', 'stored']);
    expect(asked).toBe(2);
  });

  test('has an object key of ids only, and stays in the database', async () => {
    const { document, upload: request } = await register('ids alone');
    expect(request?.url).toContain(`/documents/${platform.merchantId}/${path.split('/')[2] ?? ''}/${document.id}?`);
    expect(request?.url).not.toContain('invoice');
    const change = (sql: string) => platform.database.superuser.query(sql, [document.id]);
    await expect(change('DELETE FROM payments.documents WHERE id = $1')).rejects.toThrow(/never changed/);
    const { rows } = await platform.database.superuser.query(
      `SELECT string_agg(privilege_type || coalesce(' of ' || column_name, ''), ', ' ORDER BY 1) AS rights FROM (
         SELECT privilege_type, NULL AS column_name FROM information_schema.role_table_grants
         WHERE table_name = 'documents' AND grantee = 'payments_api'
         UNION SELECT privilege_type, column_name FROM information_schema.column_privileges
         WHERE table_name = 'documents' AND grantee = 'payments_api' AND privilege_type = 'UPDATE') AS held (privilege_type, column_name)`,
    );
    expect(rows).toEqual([{ rights: 'INSERT, SELECT, UPDATE of stored_at' }]);
  });

  test('is expired after its retention, and has no download', async () => {
    const { document } = await register('long ago');
    await platform.database.superuser.query(
      `UPDATE payments.documents SET stored_at = now() - interval '31 days' WHERE id = $1`,
      [document.id],
    );
    expect(await read(document.id)).toMatchObject({ document: { status: 'expired' }, download: null });
    await expect(
      platform.database.superuser.query('UPDATE payments.documents SET stored_at = now() WHERE id = $1', [document.id]),
    ).rejects.toThrow(/was stored at/);
  });

  test('returns 503 while the store does not respond', async () => {
    const { document } = await register('unanswered');
    away = true;
    const refused = [await platform.get(`${path}/${document.id}`), await platform.get(path)];
    away = false;
    for (const response of refused) {
      expectProblem(response, 503, 'overloaded');
      expect(response.headers['retry-after']).toBe('2');
    }
  });
});

describe('a repeated registration', () => {
  test('creates no second document and returns a new upload request', async () => {
    const key = randomUUID();
    const first = await register('once', key);
    const second = await register('once', key);
    expect(second.document).toEqual(first.document);
    expect(second.upload).not.toBeNull();
    expect(first.response.headers).not.toHaveProperty('idempotent-replayed');
    expect(second.response.headers).toHaveProperty('idempotent-replayed', 'true');
  });

  test('twenty times concurrently creates one document', async () => {
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: 20 }, () => register('at once', key)));
    expect(new Set(all.map(({ document }) => document.id)).size).toBe(1);
  });

  test('returns no upload request after the upload', async () => {
    const key = randomUUID();
    await upload(await register('final', key), 'final');
    expect(await register('final', key)).toMatchObject({ document: { status: 'stored' }, upload: null });
  });

  test('with another body and the same key is rejected', async () => {
    const key = randomUUID();
    await register('this', key);
    expectProblem(
      await platform.post(path, described('that'), { 'idempotency-key': key }),
      422,
      'idempotency-key-reused',
    );
    const payment = await platform.post('/payments', {}, { 'idempotency-key': key });
    expect(payment.statusCode).toBe(400);
  });

  test('stores no presigned request in the database', async () => {
    const key = randomUUID();
    const { upload: request } = await register('no credential', key);
    const { rows } = await platform.database.superuser.query<{ row: string }>(
      'SELECT row_to_json(k)::text AS row FROM payments.idempotency_keys k WHERE key = $1',
      [key],
    );
    expect(rows).toHaveLength(1);
    const signature = new URL(request?.url ?? '').searchParams.get('signature') ?? '?';
    expect(rows[0]?.row).not.toContain(signature);
  });
});

test('lists every document of the payment, newest first, page by page', async () => {
  const list = `/payments/${(await platform.pay()).id}/documents`;
  const ids: string[] = [];
  for (const content of ['one', 'two', 'three']) ids.unshift((await register(content, randomUUID(), list)).document.id);
  const [first] = ids;
  const page = async (query: string) =>
    (await platform.get(`${list}?limit=2${query}`)).json<{ items: DocumentBody[]; nextCursor: string | null }>();
  const one = await page('');
  const two = await page(`&cursor=${one.nextCursor ?? ''}`);
  expect([...one.items, ...two.items].map(({ id }) => id)).toEqual(ids);
  expect([one.items.length, two.nextCursor]).toEqual([2, null]);
  expect((await platform.get(path)).body).not.toContain(first);
});

describe('rejects', () => {
  test.each([
    ['another content type', { contentType: 'text/html' }, '/contentType'],
    ['no content', { sizeBytes: 0 }, '/sizeBytes'],
    ['too much content', { sizeBytes: maxSizeBytes + 1 }, '/sizeBytes'],
    ['a checksum that is none', { sha256: 'x'.repeat(64) }, '/sha256'],
    ['a checksum in capitals', { sha256: 'A'.repeat(64) }, '/sha256'],
    ['a name that is a path', { name: '../x.pdf' }, '/name'],
    ['a name with a line break', { name: 'x\r\ny' }, '/name'],
    ['a name that is too long', { name: 'x'.repeat(256) }, '/name'],
  ])('%s', async (_what, change, pointer) => {
    const response = await platform.post(path, { ...described('x'), ...change });
    expect(expectProblem(response, 400, 'validation-failed').errors).toMatchObject([{ pointer }]);
  });

  test('a card number in the name', async () => {
    const response = await platform.post(path, described('x', 'card 4111 1111 1111 1111.pdf'));
    expectProblem(response, 422, 'card-number-refused');
  });

  test('a document of an unknown payment, and leaves the key unused', async () => {
    const key = randomUUID();
    const nowhere = `/payments/${randomUUID()}/documents`;
    expectProblem(await platform.post(nowhere, described('x'), { 'idempotency-key': key }), 404, 'not-found');
    expectProblem(await platform.get(nowhere), 404, 'not-found');
    await register('x', key);
  });

  test('a document at the path of another payment', async () => {
    const { document } = await register('mine');
    const other = (await platform.pay()).id;
    expectProblem(await platform.get(`/payments/${other}/documents/${document.id}`), 404, 'not-found');
  });

  test('a request without the required scope', async () => {
    const { database, merchantId } = platform;
    const reader = { authorization: `Bearer ${await newKey(database, merchantId, { scopes: ['payments:read'] })}` };
    const writer = { authorization: `Bearer ${await newKey(database, merchantId, { scopes: ['payments:write'] })}` };
    const { document } = await register('scoped');
    expectProblem(await platform.post(path, described('x'), reader), 403, 'insufficient-scope');
    for (const place of [path, `${path}/${document.id}`]) {
      expectProblem(await platform.get(place, writer), 403, 'insufficient-scope');
      expect((await platform.get(place, reader)).statusCode).toBe(200);
      expectProblem(await platform.get(place, { authorization: 'Bearer wrong' }), 401, 'unauthenticated');
    }
  });
});

test('without a store, every route returns 404 but is in the OpenAPI document', async () => {
  const without = await startPlatform({ documents: false });
  try {
    const { id } = await without.pay();
    const described404 = [
      await without.get(`/payments/${id}/documents`),
      await without.get(`/payments/${id}/documents/${randomUUID()}`),
      await without.post(`/payments/${id}/documents`, described('x')),
      await without.get(`/payments/${id}/documents`, { authorization: 'Bearer wrong' }),
    ];
    for (const response of described404) expectProblem(response, 404, 'not-found');
    const document = async ({ app }: TestPlatform) => (await app.inject('/api/v1/openapi.json')).body;
    expect(await document(without)).toBe(await document(platform));
  } finally {
    await without.close();
  }
});
