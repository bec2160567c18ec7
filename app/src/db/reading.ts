import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { sessionNameOf } from '../correlation-id.ts';
import { traced } from '../telemetry/tracing.ts';
import './integers.ts';
import { isRefusedStatement } from './refused-statement.ts';
import { type Caller, connect } from './transaction.ts';

/** One statement that reads rows of one merchant, who is `caller.merchant` in it. */
export interface Reading<Row extends object> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Never there: only the type says what is read. */
  readonly row?: Row;
}

/** Takes a value, and returns the parameter that stands for it. */
export type TakeValue = (value: unknown) => string;

/** Merchant and session, which the statement is given before the values of its reading. */
const valuesOfCaller = 2;

/**
 * Writes a reading. Conditions that are not asked for are best left out of the text: each text has a plan of its own, which its connection
 * keeps.
 */
export function reading<Row extends object>(write: (value: TakeValue) => string): Reading<Row> {
  const values: unknown[] = [];
  const text = write((value) => `$${valuesOfCaller + values.push(value)}`);
  return { text, values };
}

/** Conditions that all hold; those that were left out are `undefined`. */
export function all(...conditions: readonly (string | undefined)[]): string {
  return conditions.filter((condition) => condition !== undefined).join(' AND ');
}

/**
 * Reads what a merchant may see, in one round trip where a transaction takes three.
 *
 * The row-level policies hold as they do in a transaction: the statement is one by itself, and names the merchant before it looks at any
 * row, because what it looks at depends on the name. A text that forgets `caller.merchant` may find nothing, but never somebody else's.
 */
export async function readAs<Row extends object>(
  pool: Pool,
  caller: Caller,
  { text, values }: Reading<Row>,
): Promise<Row[]> {
  const { merchantId, correlationId, span } = caller;
  return traced(span, 'database statement', async () => {
    const client = await connect(pool);
    let broken: Error | undefined;
    try {
      const { rows } = await client.query<Row>({
        ...prepared(text),
        values: [merchantId, sessionNameOf(correlationId), ...values],
      });
      return rows;
    } catch (error) {
      // A connection that still waits for its answer is closed, not given to the next request.
      if (!isRefusedStatement(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  });
}

/** The same for at most one row. */
export async function readOneAs<Row extends object>(
  pool: Pool,
  caller: Caller,
  wanted: Reading<Row>,
): Promise<Row | undefined> {
  const [row] = await readAs(pool, caller, wanted);
  return row;
}

const statements = new Map<string, { readonly name: string; readonly text: string }>();

/** The whole statement, under the name by which a connection knows it again. There are as many as the code can write. */
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
