import { all, type Reading, reading, type TakeValue } from './reading.ts';

/** Where a list goes on: the time and id of the last item that was seen. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** What a page shows of a table whose rows have a merchant, a time and an id. */
export interface Page {
  readonly table: string;
  readonly columns: string;
  readonly after: Position | undefined;
  readonly limit: number;
}

/** The caller's rows for which all conditions hold, newest first, from a position on. */
export function newestFirst<Row extends object>(
  { table, columns, after, limit }: Page,
  conditions: (value: TakeValue) => readonly (string | undefined)[],
): Reading<Row> {
  return reading((value) => {
    const wanted = all(
      'merchant_id = caller.merchant',
      ...conditions(value),
      after && `(created_at, id) < (${value(after.createdAt)}, ${value(after.id)})`,
    );
    return `SELECT ${columns} FROM ${table} WHERE ${wanted} ORDER BY created_at DESC, id DESC LIMIT ${value(limit)}`;
  });
}
