import type { Document } from '@payment-platform/app/api-types';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Time } from '../../components/time.tsx';
import { useDocuments, useDownload } from './documents-api.ts';
import { UploadForm } from './upload-form.tsx';

const withoutDownload: Partial<Record<Document['status'], string>> = {
  pending: 'Not uploaded',
  expired: 'Removed after its time',
};

/** Lists, uploads and downloads documents of a payment. */
export function PaymentDocuments({ paymentId }: { readonly paymentId: string }) {
  const { data, error } = useDocuments(paymentId);
  const download = useDownload(paymentId);
  const items = data?.items ?? [];
  const columns: readonly Column<Document>[] = [
    { title: 'Name', cell: ({ name }) => name },
    { title: 'Size', isNumber: true, cell: ({ sizeBytes }) => formatSize(sizeBytes) },
    { title: 'Registered', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      title: 'Document',
      cell: ({ id, name, status }) =>
        withoutDownload[status] ?? (
          <button
            type="button"
            className="quiet"
            aria-label={`Download ${name}`}
            disabled={download.isPending}
            onClick={() => {
              download.mutate(id);
            }}
          >
            Download
          </button>
        ),
    },
  ];
  return (
    <section>
      <h2>Documents</h2>
      <ProblemAlert error={error ?? download.error} />
      {data && items.length === 0 && <p>No documents yet.</p>}
      {items.length > 0 && <DataTable label="Documents" columns={columns} rows={items} keyOf={({ id }) => id} />}
      {data?.nextCursor != null && <p>These are the newest {items.length}; there are older ones.</p>}
      <UploadForm paymentId={paymentId} />
    </section>
  );
}

const bytes = new Intl.NumberFormat('en', { style: 'unit', unit: 'byte', unitDisplay: 'long' });
const kilobytes = new Intl.NumberFormat('en', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 });

function formatSize(size: number): string {
  return size < 1000 ? bytes.format(size) : kilobytes.format(size / 1000);
}
