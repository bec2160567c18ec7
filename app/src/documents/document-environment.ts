import { isLoopback } from '../loopback.ts';
import type { VariableReader } from '../variable-reader.ts';

/** Where documents are kept, and for how long. */
export interface DocumentEnvironment {
  readonly place:
    | { readonly kind: 'bucket'; readonly bucket: string }
    /** A folder of this machine, whose content the document server at this address takes and gives. */
    | { readonly kind: 'directory'; readonly directory: string; readonly address: string };
  readonly retentionDays: number;
}

/** The variables of documents: a bucket, or a folder with an address, and days; or none of them. */
export type DocumentVariable =
  'DOCUMENT_BUCKET' | 'DOCUMENT_DIRECTORY' | 'DOCUMENT_ADDRESS' | 'DOCUMENT_RETENTION_DAYS';

/** Reads them; reports what does not fit together. */
export function documentsOf(reader: VariableReader<never, DocumentVariable>): DocumentEnvironment | undefined {
  const bucket = reader.maybe('DOCUMENT_BUCKET');
  const directory = reader.maybe('DOCUMENT_DIRECTORY');
  const address = reader.maybe('DOCUMENT_ADDRESS');
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
    place:
      bucket === undefined
        ? { kind: 'directory', directory: directory ?? '', address: address ?? '' }
        : { kind: 'bucket', bucket },
    retentionDays: reader.whole('DOCUMENT_RETENTION_DAYS', 1, 36_500),
  };
}
