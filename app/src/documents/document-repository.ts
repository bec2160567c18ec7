import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import { isoTime } from '../db/iso-time.ts';
import { newestFirst, type Position } from '../db/newest-first.ts';
import { type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';
import type { NewDocument, RegisteredDocument } from './document.ts';

const columns = `id, payment_id AS "paymentId", name, content_type AS "contentType", size_bytes AS "sizeBytes",
  encode(sha256, 'hex') AS sha256, ${isoTime('created_at')} AS "createdAt", ${isoTime('stored_at')} AS "storedAt"`;

/** Inserts a document whose content is not yet uploaded. */
export async function insertDocument(
  client: PoolClient,
  merchantId: string,
  paymentId: string,
  { name, contentType, sizeBytes, sha256 }: NewDocument,
): Promise<RegisteredDocument> {
  const { rows } = await client.query<RegisteredDocument>(
    `INSERT INTO payments.documents (id, merchant_id, payment_id, name, content_type, size_bytes, sha256)
     VALUES ($1, $2, $3, $4, $5, $6, decode($7, 'hex')) RETURNING ${columns}`,
    [uuid(), merchantId, paymentId, name, contentType, sizeBytes, sha256],
  );
  const [document] = rows;
  if (!document) throw new Error(`No document was registered for payment ${paymentId}.`);
  return document;
}

/** Finds a document of a payment, within a transaction of its merchant. */
export async function findDocument(
  client: PoolClient,
  paymentId: string,
  id: string,
): Promise<RegisteredDocument | undefined> {
  const { rows } = await client.query<RegisteredDocument>(
    `SELECT ${columns} FROM payments.documents WHERE payment_id = $1 AND id = $2`,
    [paymentId, id],
  );
  return rows[0];
}

/** Selects a document of the caller's payment. */
export function documentOf(paymentId: string, id: string): MerchantQuery<RegisteredDocument> {
  return merchantQuery(
    (value) => `SELECT ${columns} FROM payments.documents
      WHERE merchant_id = caller.merchant AND payment_id = ${value(paymentId)} AND id = ${value(id)}`,
  );
}

/** Selects documents of the caller's payment, newest first, after a position. */
export function pageOfDocuments(
  paymentId: string,
  after: Position | undefined,
  limit: number,
): MerchantQuery<RegisteredDocument> {
  return newestFirst({ table: 'payments.documents', columns, after, limit }, (value) => [
    `payment_id = ${value(paymentId)}`,
  ]);
}

/** Records when the content was stored, unless a concurrent request has recorded it. */
export async function markStored(client: PoolClient, id: string, storedAt: Date): Promise<void> {
  await client.query('UPDATE payments.documents SET stored_at = $2 WHERE id = $1 AND stored_at IS NULL', [
    id,
    storedAt,
  ]);
}
