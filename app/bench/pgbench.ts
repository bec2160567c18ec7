import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchedPlatform } from './benched-platform.ts';

const clients = 16;

/**
 * A captured payment in one transaction with the minimum of rows: its key with the response, the payment, a posting
 * of two entries, and an event.
 *
 * @param further statements of the same transaction
 */
const onePayment = (further: string) => `\\set m random(1, 100)
\\set amount random(100, 100000)
BEGIN;
INSERT INTO payments.idempotency_keys (merchant_id, key, operation_id, request_hash, recovery_point, operation, response_status, response, finished_at)
  SELECT id, gen_random_uuid()::text, gen_random_uuid(), sha256('x'), 'finished', '{}', 201, to_json(repeat('x', 350)), now()
  FROM public.bench_merchants WHERE n = :m RETURNING merchant_id AS merchant, operation_id AS payment \\gset
INSERT INTO payments.payments (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token, reference)
  VALUES (:payment, :merchant, 'captured', :amount, :amount, 0, 'EUR', 'tok_approve', 'bench-1') RETURNING gen_random_uuid() AS posting \\gset
WITH posting AS (
  INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency) VALUES (:posting, :merchant, :payment, 'capture', 'EUR')
)
INSERT INTO payments.entries (id, merchant_id, posting_id, payment_id, account, amount_minor, currency) VALUES
  (gen_random_uuid(), :merchant, :posting, :payment, 'acquirer_receivable', :amount::bigint, 'EUR'),
  (gen_random_uuid(), :merchant, :posting, :payment, 'merchant_payable', 0 - :amount::bigint, 'EUR');
INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, delivered_at)
  VALUES (gen_random_uuid(), :merchant, :payment, 'payment.captured', '{"amountMinor": 1, "currency": "EUR"}', now());
${further}COMMIT;
`;

/**
 * With the timeline, it inserts every row that the API stores for such a payment, but each once, where the API has two steps with a
 * recovery point between them, and without delivery.
 */
const timeline = `INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor)
  SELECT gen_random_uuid(), :merchant, :payment, type, :amount::bigint
  FROM unnest(ARRAY['payment.created', 'payment.authorized', 'payment.captured']) AS type;
`;

/** The pgbench scripts: minimal, and with the timeline. */
export type Rows = 'fewest' | 'all';

/** Writes the scripts and creates the merchants that they use. */
export async function preparePgbench({
  superuser,
  directory,
}: BenchedPlatform): Promise<Readonly<Record<Rows, string>>> {
  await superuser.query(
    `CREATE TABLE public.bench_merchants AS SELECT row_number() OVER ()::integer AS n, id FROM payments.merchants;
     ALTER TABLE public.bench_merchants ADD PRIMARY KEY (n)`,
  );
  const files = { fewest: join(directory, 'fewest-rows.sql'), all: join(directory, 'all-rows.sql') };
  writeFileSync(files.fewest, onePayment(''));
  writeFileSync(files.all, onePayment(timeline));
  return files;
}

/** Runs pgbench. Returns the payments per second. @throws when pgbench is not installed or fails */
export async function runPgbench(platform: BenchedPlatform, file: string, payments: number): Promise<number> {
  const perClient = Math.round(payments / clients);
  const child = spawn(
    'pgbench',
    ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-t', String(perClient), '-f', file],
    { env: platform.programEnvironment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', () => {
      reject(
        new Error(
          'pgbench is not installed: apt-get install postgresql-contrib, or the client programs of PostgreSQL.',
        ),
      );
    });
  });
  const rate = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
  if (!(rate > 0) || !output.includes('number of failed transactions: 0 '))
    throw new Error(`pgbench failed:\n${output}`);
  return rate;
}
