import type { Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import { isoTime } from '../db/iso-time.ts';
import type { Position } from '../db/newest-first.ts';
import type { Actor } from './actor.ts';

/** A merchant as an operator sees it. */
export interface Merchant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly suspendedAt: string | null;
  /** The distinguished name to which the merchant is bound where clients authenticate with certificates. */
  readonly clientCertificateSubject: string | null;
}

const columns = `id, name, ${isoTime('created_at')} AS "createdAt", ${isoTime('suspended_at')} AS "suspendedAt",
  certificate_subject AS "clientCertificateSubject"`;

/** Returns merchants, newest first, from a position on. */
export async function listMerchants(pool: Pool, after: Position | undefined, limit: number): Promise<Merchant[]> {
  const { rows } = await pool.query<Merchant>(`SELECT ${columns} FROM payments.list_merchants(NULL, $1, $2, $3)`, [
    after?.createdAt,
    after?.id,
    limit,
  ]);
  return rows;
}

/** Returns one merchant; `undefined` if it does not exist. */
async function findMerchant(pool: Pool, id: string): Promise<Merchant | undefined> {
  const { rows } = await pool.query<Merchant>(`SELECT ${columns} FROM payments.list_merchants($1, NULL, NULL, 1)`, [
    id,
  ]);
  return rows[0];
}

/** Creates a merchant. Returns `undefined` if another one has the name. */
export async function createMerchant(
  pool: Pool,
  { name: actor, correlationId }: Actor,
  name: string,
): Promise<Merchant | undefined> {
  const id = uuid();
  await pool.query('SELECT payments.create_merchant($1, $2, $3, $4)', [actor, correlationId, id, name]);
  return findMerchant(pool, id);
}

/** Suspends or reactivates a merchant. Returns `undefined` if it does not exist. */
export async function suspendMerchant(
  pool: Pool,
  { name: actor, correlationId }: Actor,
  id: string,
  suspend: boolean,
): Promise<Merchant | undefined> {
  await pool.query('SELECT payments.suspend_merchant($1, $2, $3, $4)', [actor, correlationId, id, suspend]);
  return findMerchant(pool, id);
}

/**
 * Binds a merchant to the subject of a client certificate. Returns `undefined` if the merchant does not exist.
 *
 * @param subject a distinguished name; `null` unbinds the merchant, and its next request binds it
 */
export async function setClientCertificate(
  pool: Pool,
  { name: actor, correlationId }: Actor,
  id: string,
  subject: string | null,
): Promise<Merchant | undefined> {
  await pool.query('SELECT payments.set_client_certificate($1, $2, $3, $4)', [actor, correlationId, id, subject]);
  return findMerchant(pool, id);
}
