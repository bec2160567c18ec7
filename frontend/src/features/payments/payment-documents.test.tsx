import type { Document } from '@payment-platform/app/api-types';
import { screen, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test, vi } from 'vitest';
import { api, baseUrl, payment, postAnswers, problemResponse } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

const path = `/payments/${payment().id}`;
const store = 'http://store.test/documents/1';
const content = 'the proof';
const sha256 = 'd6c2b0e8c1d8f8b7a5f4b3b0ac5a1ef4a1c58e9c4d8b9b0f1d1b4e2f3a4b5c6d';

function documentView(changes: Partial<Document> = {}): Document {
  return {
    id: 'document-1',
    paymentId: payment().id,
    name: 'invoice.pdf',
    contentType: 'application/pdf',
    sizeBytes: 2500,
    sha256,
    status: 'stored',
    createdAt: '2026-03-01T10:00:00.123456Z',
    storedAt: '2026-03-01T10:01:00.000Z',
    expiresAt: '2033-03-01T10:01:00.000Z',
    ...changes,
  };
}

/** The page of a payment that has these documents. */
function show(shown: Document[], config = { documents: true }) {
  api.use(
    http.get(baseUrl + path, () => HttpResponse.json(payment())),
    http.get(`${baseUrl}${path}/events`, () => HttpResponse.json({ items: [] })),
    http.get(`${baseUrl}${path}/entries`, () => HttpResponse.json({ items: [] })),
    http.get(`${baseUrl}${path}/documents`, () => HttpResponse.json({ items: shown, nextCursor: null })),
  );
  return renderConsole(path, config);
}

const uploadTo = () => ({
  method: 'PUT',
  url: store,
  headers: { 'content-type': 'application/pdf', 'x-amz-checksum-sha256': 'abc=' },
  expiresAt: '2026-03-01T10:05:00.000Z',
});
const registered = () =>
  HttpResponse.json({ document: documentView({ status: 'pending' }), upload: uploadTo() }, { status: 201 });
const file = () => new File([content], 'invoice.pdf', { type: 'application/pdf' });

test('shows for each document whether it can be downloaded', async () => {
  show([
    documentView(),
    documentView({ id: '2', name: 'late.csv', status: 'pending', sizeBytes: 12 }),
    documentView({ id: '3', name: 'old.png', status: 'expired' }),
  ]);
  expect(await screen.findByRole('button', { name: 'Download invoice.pdf' })).toBeVisible();
  expect(screen.getAllByRole('button', { name: /^Download/ })).toHaveLength(1);
  expect(within(screen.getByRole('row', { name: /late\.csv/ })).getByText('Not uploaded')).toBeVisible();
  expect(within(screen.getByRole('row', { name: /old\.png/ })).getByText('Removed after its time')).toBeVisible();
  expect(screen.getByRole('row', { name: /^invoice\.pdf 2\.5 kB/ })).toBeVisible();
  expect(screen.getByRole('row', { name: /^late\.csv 12 bytes/ })).toBeVisible();
});

test('registers a file with type, length and checksum, and uploads it as presigned', async () => {
  const sent = postAnswers(`${path}/documents`, registered);
  const documents: Document[] = [];
  const uploads: Record<string, string | null>[] = [];
  api.use(
    http.put(store, async ({ request }) => {
      uploads.push({
        body: await request.text(),
        type: request.headers.get('content-type'),
        checksum: request.headers.get('x-amz-checksum-sha256'),
      });
      documents.push(documentView());
      return new HttpResponse(null, { status: 200 });
    }),
  );
  const { user } = show(documents);
  expect(await screen.findByText('No documents yet.')).toBeVisible();
  await user.upload(screen.getByLabelText('Add a document'), file());
  await user.click(screen.getByRole('button', { name: 'Upload' }));
  expect(await screen.findByText('The document is stored.')).toBeVisible();
  expect(await screen.findByRole('button', { name: 'Download invoice.pdf' })).toBeVisible();
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  expect(sent).toMatchObject([
    {
      body: {
        name: 'invoice.pdf',
        contentType: 'application/pdf',
        sizeBytes: content.length,
        sha256: Buffer.from(digest).toString('hex'),
      },
    },
  ]);
  expect(uploads).toEqual([{ body: content, type: 'application/pdf', checksum: 'abc=' }]);
});

test('shows a failed upload, and a retry continues with the same document', async () => {
  const sent = postAnswers(`${path}/documents`, registered, registered);
  let refused = 0;
  api.use(
    http.put(store, () => {
      refused += 1;
      return new HttpResponse(null, { status: refused === 1 ? 403 : 200 });
    }),
  );
  const { user } = show([]);
  await user.upload(await screen.findByLabelText('Add a document'), file());
  await user.click(screen.getByRole('button', { name: 'Upload' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('the document store returned status 403');
  await user.click(screen.getByRole('button', { name: 'Upload' }));
  expect(await screen.findByText('The document is stored.')).toBeVisible();
  expect(screen.queryByRole('alert')).toBeNull();
  expect(sent[1]?.key).toBe(sent[0]?.key);
});

test('shows an error of the API and uploads nothing', async () => {
  postAnswers(`${path}/documents`, () =>
    problemResponse(422, 'card-number-refused', { detail: 'A field holds a card number.' }),
  );
  const { user } = show([]);
  await user.upload(await screen.findByLabelText('Add a document'), file());
  await user.click(screen.getByRole('button', { name: 'Upload' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('A field holds a card number.');
});

test.each([
  ['no file', undefined, 'Choose a file.'],
  ['an HTML file', new File(['<p>'], 'x.html', { type: 'text/html' }), 'Choose a PDF, JPEG, PNG, CSV or text file.'],
  ['an empty file', new File([], 'x.pdf', { type: 'application/pdf' }), 'This file is empty.'],
  [
    'a file above 10 MiB',
    new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'x.pdf', { type: 'application/pdf' }),
    'Choose a file of at most 10 MiB.',
  ],
])('%s is rejected at its field', async (_what, chosen, message) => {
  const { user } = show([]);
  const input = await screen.findByLabelText('Add a document');
  // As dragged in: a browser lets nobody choose another type.
  input.removeAttribute('accept');
  if (chosen) await user.upload(input, chosen);
  await user.click(screen.getByRole('button', { name: 'Upload' }));
  expect(input).toHaveAccessibleDescription(expect.stringContaining(message) as string);
});

test('requests a download on click, and the browser fetches it', async () => {
  const followed = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    expect(this.href).toBe(`${store}?signature=1`);
  });
  const download = { ...uploadTo(), method: 'GET', url: `${store}?signature=1`, headers: {} };
  api.use(
    http.get(`${baseUrl}${path}/documents/document-1`, () => HttpResponse.json({ document: documentView(), download })),
  );
  const { user } = show([documentView()]);
  await user.click(await screen.findByRole('button', { name: 'Download invoice.pdf' }));
  await vi.waitFor(() => {
    expect(followed).toHaveBeenCalledOnce();
  });
  followed.mockRestore();
});

test('shows no panel and requests nothing in an environment without documents', async () => {
  show([], { documents: false });
  expect(await screen.findByRole('heading', { name: 'Timeline' })).toBeVisible();
  expect(screen.queryByRole('heading', { name: 'Documents' })).toBeNull();
});

test('a document that left the store since it was listed is reported, and the list is read again', async () => {
  const documents = [documentView()];
  api.use(
    http.get(`${baseUrl}${path}/documents/document-1`, () => {
      documents.splice(0, 1, documentView({ status: 'expired' }));
      return HttpResponse.json({ document: documents[0] });
    }),
  );
  const { user } = show(documents);
  await user.click(await screen.findByRole('button', { name: 'Download invoice.pdf' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('This document is no longer stored.');
  expect(await screen.findByText('Removed after its time')).toBeVisible();
});

test('a store that cannot be reached is reported', async () => {
  postAnswers(`${path}/documents`, registered);
  api.use(http.put(store, () => HttpResponse.error()));
  const { user } = show([]);
  await user.upload(await screen.findByLabelText('Add a document'), file());
  await user.click(screen.getByRole('button', { name: 'Upload' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('the document store cannot be reached');
});
