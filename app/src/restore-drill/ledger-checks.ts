import type pg from 'pg';
import type { Finding } from './finding.ts';

/** An invariant of the ledger, and a query for its violations. */
interface LedgerCheck {
  readonly name: Finding['name'];
  /** Completes the sentence `<n> <meaning>`. */
  readonly meaning: string;
  /** Returns one row per violation, with the text column `offender`. */
  readonly query: string;
}

/** The checks do not rely on constraints, which the copy may lack. */
const ledgerChecks: readonly LedgerCheck[] = [
  {
    name: 'unbalanced-posting',
    meaning: 'have fewer than two entries, entries of another currency or payment, or entries that do not sum to zero',
    query: `
      SELECT p.id::text AS offender FROM payments.postings p LEFT JOIN payments.entries e ON e.posting_id = p.id
      GROUP BY p.id HAVING count(e.id) < 2 OR sum(e.amount_minor) <> 0 OR bool_or(e.currency <> p.currency OR e.payment_id <> p.payment_id)`,
  },
  {
    name: 'unbalanced-currency',
    meaning: 'do not sum to zero over the whole ledger',
    query: `
      SELECT format('%s (%s)', currency, sum(amount_minor)) AS offender FROM payments.entries
      GROUP BY currency HAVING sum(amount_minor) <> 0`,
  },
  {
    name: 'payment-not-booked',
    meaning: 'have captured or refunded amounts that differ from the ledger',
    query: `
      WITH booked AS (
        SELECT e.payment_id, coalesce(sum(e.amount_minor) FILTER (WHERE p.kind = 'capture'), 0) AS captured,
          coalesce(-sum(e.amount_minor) FILTER (WHERE p.kind = 'refund'), 0) AS refunded
        FROM payments.entries e JOIN payments.postings p ON p.id = e.posting_id
        WHERE e.account = 'acquirer_receivable' GROUP BY e.payment_id
      )
      SELECT p.id::text AS offender FROM payments.payments p LEFT JOIN booked b ON b.payment_id = p.id
      WHERE p.captured_minor <> coalesce(b.captured, 0) OR p.refunded_minor <> coalesce(b.refunded, 0)`,
  },
  {
    name: 'orphan',
    meaning: 'refer to a row that does not exist',
    query: `
      SELECT 'entry ' || id AS offender FROM payments.entries o WHERE NOT EXISTS (SELECT FROM payments.postings p WHERE p.id = o.posting_id)
      UNION ALL SELECT 'posting ' || id FROM payments.postings o WHERE NOT EXISTS (SELECT FROM payments.payments p WHERE p.id = o.payment_id)
      UNION ALL SELECT 'refund ' || id FROM payments.refunds o WHERE NOT EXISTS (SELECT FROM payments.payments p WHERE p.id = o.payment_id)
      UNION ALL SELECT 'document ' || id FROM payments.documents o WHERE NOT EXISTS (SELECT FROM payments.payments p WHERE p.id = o.payment_id)
      UNION ALL SELECT 'event ' || id FROM payments.payment_events o WHERE NOT EXISTS (SELECT FROM payments.payments p WHERE p.id = o.payment_id)
      UNION ALL SELECT 'payment ' || id FROM payments.payments o WHERE NOT EXISTS (SELECT FROM payments.merchants m WHERE m.id = o.merchant_id)`,
  },
];

/** The number of violations that a finding lists by id. */
const maxExamples = 5;

/** Returns the violated ledger invariants of a database, with their count and some ids. */
export async function ledgerFindings(client: pg.Client): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, meaning, query } of ledgerChecks) {
    const { rows } = await client.query<{ offender: string; total: string }>(
      `SELECT offender, count(*) OVER ()::text AS total FROM (${query}) AS offenders ORDER BY offender LIMIT ${maxExamples}`,
    );
    const [first] = rows;
    if (!first) continue;
    const examples = rows.map(({ offender }) => offender).join(', ');
    findings.push({ name, detail: `${first.total} ${meaning}: ${examples}` });
  }
  return findings;
}
