import type { Pool } from 'pg';
import { isoTime } from '../db/iso-time.ts';
import type { Position } from '../db/newest-first.ts';

/** One administrative act. The function that performs an act adds its entry in the same transaction. */
export interface AuditEntry {
  readonly id: string;
  readonly createdAt: string;
  /** `operator:ID` or `key:ID`, with the id of the key. */
  readonly actor: string;
  readonly action: string;
  readonly merchantId: string;
  /** The merchant or the API key that the act changed. */
  readonly targetId: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly correlationId: string;
}

/** Returns audit entries, newest first, from a position on: of one merchant, or of all. */
export async function listAuditEntries(
  pool: Pool,
  merchantId: string | undefined,
  after: Position | undefined,
  limit: number,
): Promise<AuditEntry[]> {
  const { rows } = await pool.query<AuditEntry>(
    `SELECT id, ${isoTime('created_at')} AS "createdAt", actor, action, merchant_id AS "merchantId", target_id AS "targetId",
       before, after, correlation_id AS "correlationId"
     FROM payments.list_audit_entries($1, $2, $3, $4)`,
    [merchantId, after?.createdAt, after?.id, limit],
  );
  return rows;
}
