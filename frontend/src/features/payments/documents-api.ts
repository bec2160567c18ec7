import type { NewDocument } from '@payment-platform/app/api-types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf, idempotencyHeader } from '../../lib/api-client.ts';
import { useIdempotencyKey } from '../../lib/idempotency-key.ts';
import { usePlatform } from '../../lib/platform-context.ts';
import { sha256Of, upload } from '../../lib/upload.ts';

/** The content types that the API accepts. */
export const contentTypes = [
  'application/pdf',
  'image/jpeg',
  'image/png',
  'text/csv',
  'text/plain',
] as const satisfies readonly NewDocument['contentType'][];

const key = (paymentId: string) => ['payments', paymentId, 'documents'] as const;

/** The newest hundred documents of a payment. */
export function useDocuments(paymentId: string) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: key(paymentId),
    queryFn: () =>
      dataOf(api.GET('/payments/{id}/documents', { params: { path: { id: paymentId }, query: { limit: '100' } } })),
  });
}

/** Registers a file and uploads it. `share` is the progress, 0 to 1. */
export function useUpload(paymentId: string) {
  const { api } = usePlatform();
  const queries = useQueryClient();
  const keys = useIdempotencyKey();
  const [share, setShare] = useState(0);
  const mutation = useMutation({
    mutationFn: async (file: File) => {
      setShare(0);
      const body = {
        name: file.name,
        // The API refuses other types.
        contentType: file.type as NewDocument['contentType'],
        sizeBytes: file.size,
        sha256: await sha256Of(file),
      };
      // The key changes only after a successful upload: a retry continues with the same document and receives a new upload request.
      const idempotencyKey = keys.keyFor(body);
      const registration = await dataOf(
        api.POST('/payments/{id}/documents', {
          params: { path: { id: paymentId }, ...idempotencyHeader(idempotencyKey) },
          body,
        }),
      );
      if (registration.upload) await upload(registration.upload, file, setShare);
      keys.conclude();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: key(paymentId) }),
  });
  return { ...mutation, share };
}

/** Requests the presigned URL of a document and lets the browser download it. */
export function useDownload(paymentId: string) {
  const { api } = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (documentId: string) => {
      const { download } = await dataOf(
        api.GET('/payments/{id}/documents/{documentId}', { params: { path: { id: paymentId, documentId } } }),
      );
      if (!download) {
        await queries.invalidateQueries({ queryKey: key(paymentId) });
        throw new Error('This document is no longer stored.');
      }
      // The response is an attachment, so the browser does not leave the page.
      const link = document.createElement('a');
      link.href = download.url;
      link.click();
    },
  });
}
