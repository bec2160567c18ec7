import { all, type MerchantQuery, merchantQuery, type BindValue } from './merchant-query.ts';

/** The keyset of a page: time and id of the last item of the previous page. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** Rows with the columns `merchant_id`, `created_at` and `id`. */
export interface Source {
  readonly table: string | ((value: BindValue) => string);
  /** The column by which the rows are ordered, before `id`. @default - `created_at` */
  readonly createdAt?: string;
}

/** A page of a list. */
export interface Page extends Source {
  readonly columns: string;
  readonly after: Position | undefined;
  readonly limit: number;
}

/** Selects the caller's rows that meet all conditions, newest first, after a position (keyset pagination). */
export function newestFirst<Row extends object>(
  { table, createdAt = 'created_at', columns, after, limit }: Page,
  conditions: (value: BindValue) => readonly (string | undefined)[],
): MerchantQuery<Row> {
  return merchantQuery((value) => {
    const from = fromOf(table, value);
    const wanted = all(
      'merchant_id = caller.merchant',
      ...conditions(value),
      after && `(${createdAt}, id) < (${value(after.createdAt)}, ${value(after.id)})`,
    );
    return `SELECT ${columns} FROM ${from} WHERE ${wanted} ORDER BY ${createdAt} DESC, id DESC LIMIT ${value(limit)}`;
  });
}

/** The text after FROM. */
export function fromOf(table: Source['table'], value: BindValue): string {
  return typeof table === 'string' ? table : table(value);
}
