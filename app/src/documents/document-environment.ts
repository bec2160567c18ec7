import { isLoopback } from '../loopback.ts';
import type { VariableReader } from '../variable-reader.ts';

/** Where documents are stored, and for how many days. */
export interface DocumentEnvironment {
  readonly storage:
    | { readonly kind: 'bucket'; readonly bucket: string }
    /** A local directory, served by the document server at `address`. */
    | { readonly kind: 'directory'; readonly directory: string; readonly address: string };
  readonly retentionDays: number;
}

/** A bucket, or a directory with an address; with either, the retention in days. */
export type DocumentVariable =
  'DOCUMENT_BUCKET' | 'DOCUMENT_DIRECTORY' | 'DOCUMENT_ADDRESS' | 'DOCUMENT_RETENTION_DAYS';

/** Reads the document variables and reports inconsistent ones. Returns `undefined` if none is set. */
export function readDocumentEnvironment(
  reader: VariableReader<never, DocumentVariable>,
): DocumentEnvironment | undefined {
  const bucket = reader.optional('DOCUMENT_BUCKET');
  const directory = reader.optional('DOCUMENT_DIRECTORY');
  const address = reader.optional('DOCUMENT_ADDRESS');
  if (bucket !== undefined && directory !== undefined) {
    reader.report(`DOCUMENT_BUCKET = "${bucket}" and DOCUMENT_DIRECTORY = "${directory}"; leave one of them out`);
  }
  if ((directory === undefined) !== (address === undefined)) {
    reader.report(`DOCUMENT_${directory === undefined ? 'DIRECTORY' : 'ADDRESS'} is missing; set both or neither`);
  }
  if (address !== undefined && !(URL.canParse(address) && isLoopback(new URL(address).hostname))) {
    reader.report(`DOCUMENT_ADDRESS = "${address}"; use an address of this machine, such as http://127.0.0.1:9000`);
  }
  if (bucket === undefined && directory === undefined) return undefined;
  return {
    storage:
      bucket === undefined
        ? { kind: 'directory', directory: directory ?? '', address: address ?? '' }
        : { kind: 'bucket', bucket },
    retentionDays: reader.integer('DOCUMENT_RETENTION_DAYS', 1, 36_500),
  };
}
