import { all, type MerchantQuery, merchantQuery, type BindValue } from './merchant-query.ts';

/** The keyset of a page: time and id of the last item of the previous page. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** A page of a table with the columns `merchant_id`, `created_at` and `id`. */
export interface Page {
  readonly table: string;
  readonly columns: string;
  readonly after: Position | undefined;
  readonly limit: number;
}

/** Selects the caller's rows that meet all conditions, newest first, after a position (keyset pagination). */
export function newestFirst<Row extends object>(
  { table, columns, after, limit }: Page,
  conditions: (value: BindValue) => readonly (string | undefined)[],
): MerchantQuery<Row> {
  return merchantQuery((value) => {
    const wanted = all(
      'merchant_id = caller.merchant',
      ...conditions(value),
      after && `(created_at, id) < (${value(after.createdAt)}, ${value(after.id)})`,
    );
    return `SELECT ${columns} FROM ${table} WHERE ${wanted} ORDER BY created_at DESC, id DESC LIMIT ${value(limit)}`;
  });
}
