import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { sessionNameOf } from '../correlation-id.ts';
import { withChildSpan } from '../telemetry/tracing.ts';
import './integers.ts';
import { isStatementError } from './statement-error.ts';
import { type Caller, connect } from './transaction.ts';

/** A query for rows of one merchant. Its text refers to the merchant's id as `caller.merchant`. */
export interface MerchantQuery<Row extends object> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Never set. It carries the row type. */
  readonly row?: Row;
}

/** Adds a value to a query and returns its placeholder, such as `$3`. */
export type BindValue = (value: unknown) => string;

/** The parameters before those of the query: merchant id and `application_name`. */
const valuesOfCaller = 2;

/**
 * Builds a query. Omit unused conditions from the text, instead of testing for NULL: each text is a prepared statement with its own plan.
 */
export function merchantQuery<Row extends object>(write: (value: BindValue) => string): MerchantQuery<Row> {
  const values: unknown[] = [];
  const text = write((value) => `$${valuesOfCaller + values.push(value)}`);
  return { text, values };
}

/** Joins conditions with AND. Skips `undefined`. */
export function all(...conditions: readonly (string | undefined)[]): string {
  return conditions.filter((condition) => condition !== undefined).join(' AND ');
}

/**
 * Runs a query as a merchant in one round trip; a transaction takes three.
 *
 * Row-level security applies as in `asMerchant`: the statement is its own transaction, and the lateral join makes it set the merchant
 * before it reads any row. A query that omits `caller.merchant` may return no rows, but never those of another merchant.
 */
export async function queryAs<Row extends object>(
  pool: Pool,
  caller: Caller,
  { text, values }: MerchantQuery<Row>,
): Promise<Row[]> {
  const { merchantId, correlationId, span } = caller;
  return withChildSpan(span, 'database statement', async () => {
    const client = await connect(pool);
    let broken: Error | undefined;
    try {
      const { rows } = await client.query<Row>({
        ...prepared(text),
        values: [merchantId, sessionNameOf(correlationId), ...values],
      });
      return rows;
    } catch (error) {
      // A connection whose query may still be running is closed instead of returned to the pool.
      if (!isStatementError(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  });
}

/** Runs a query as a merchant and returns its first row. */
export async function queryOneAs<Row extends object>(
  pool: Pool,
  caller: Caller,
  wanted: MerchantQuery<Row>,
): Promise<Row | undefined> {
  const [row] = await queryAs(pool, caller, wanted);
  return row;
}

const statements = new Map<string, { readonly name: string; readonly text: string }>();

/** The complete prepared statement of a query. Their number is bounded by the texts that the code can build. */
function prepared(text: string) {
  const known = statements.get(text);
  if (known) return known;
  const name = `read-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  const statement = {
    name,
    text: `SELECT found.* FROM (
        SELECT set_config('app.merchant_id', $1, true)::uuid AS merchant, set_config('application_name', $2, true)
      ) AS caller CROSS JOIN LATERAL (${text} OFFSET 0) AS found`,
  };
  statements.set(text, statement);
  return statement;
}
