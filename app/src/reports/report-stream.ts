import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { Pool } from 'pg';
import { queryAs } from '../db/merchant-query.ts';
import type { Caller } from '../db/transaction.ts';
import type { Period, Report, ReportFilter, ReportRow } from './report-rows.ts';

/** Converts rows of a report to text. */
export interface ReportFormat {
  readonly contentType: string;
  /** What precedes the rows. */
  header(columns: readonly string[]): string;
  rows(columns: readonly string[], rows: readonly ReportRow[]): string;
}

/**
 * CSV as in RFC 4180, with a header. A text that a spreadsheet would take for a formula is preceded by an apostrophe.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export const csv: ReportFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  header: (columns) => stringify([[...columns]], { record_delimiter: 'windows' }),
  rows: (columns, rows) =>
    stringify([...rows], { columns: [...columns], record_delimiter: 'windows', escape_formulas: true }),
};

/** One JSON object a line, with the columns of the CSV as members. */
export const newlineDelimitedJson: ReportFormat = {
  contentType: 'application/x-ndjson',
  header: () => '',
  rows: (columns, rows) =>
    rows
      .map((row) => `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])))}\n`)
      .join(''),
};

const rowsPerQuery = 1000;

/**
 * Streams a report. Memory is constant: each query reads the next rows after the last one, when the client has taken those before. No
 * connection is held in between, so a slow client occupies none. Ends when the client closes the connection.
 *
 * @throws before the first byte when the first query fails
 */
export async function streamReport(
  pool: Pool,
  caller: Caller,
  report: Report,
  wanted: Period & ReportFilter,
  format: ReportFormat,
): Promise<Readable> {
  const read = (after?: { readonly createdAt: string; readonly id: string }) =>
    queryAs(pool, caller, report.query(wanted, after, rowsPerQuery));
  const first = await read();
  const text = (rows: typeof first) =>
    format.rows(
      report.columns,
      rows.map((row) => report.toRow(row as never)),
    );
  return Readable.from(
    (async function* () {
      yield format.header(report.columns) + text(first);
      let rows = first;
      while (rows.length === rowsPerQuery) {
        rows = await read(rows.at(-1));
        if (rows.length > 0) yield text(rows);
      }
    })(),
    // One chunk of about 200 kB is enough to keep the client busy while the next query runs.
    { objectMode: true, highWaterMark: 1 },
  );
}
