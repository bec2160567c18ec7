import type { Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import type { Actor } from '../administration/actor.ts';
import { isoTime } from '../db/iso-time.ts';
import { type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';
import { newestFirst, type Position } from '../db/newest-first.ts';

/** A webhook endpoint without its secrets. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly eventTypes: string[];
  readonly description: string | null;
  readonly createdAt: string;
  /** The first failure after the last success. */
  readonly failingSince: string | null;
  readonly disabledAt: string | null;
  /** `requested`, `failing` or `gone`. */
  readonly disabledReason: string | null;
}

/** What a merchant chooses of an endpoint. */
export interface EndpointChoice {
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly description?: string;
}

/** The merchant whose endpoint changes, and who changes it. */
export interface EndpointOwner {
  readonly merchantId: string;
  readonly actor: Actor;
}

const columns = `id, url, event_types AS "eventTypes", description, ${isoTime('created_at')} AS "createdAt",
  ${isoTime('failing_since')} AS "failingSince", ${isoTime('disabled_at')} AS "disabledAt", disabled_reason AS "disabledReason"`;
const table = 'payments.webhook_endpoints';

/** Selects endpoints of the caller, newest first, after a position. */
export function pageOfEndpoints(after: Position | undefined, limit: number): MerchantQuery<WebhookEndpoint> {
  return newestFirst({ table, columns, after, limit }, () => ['deleted_at IS NULL']);
}

/** Selects an endpoint of the caller. */
export function endpointOf(id: string): MerchantQuery<WebhookEndpoint> {
  return merchantQuery(
    (value) =>
      `SELECT ${columns} FROM ${table} WHERE merchant_id = caller.merchant AND id = ${value(id)} AND deleted_at IS NULL`,
  );
}

/** Creates an endpoint. Returns false if the merchant has as many as it may have. */
export async function createEndpoint(
  pool: Pool,
  { merchantId, actor }: EndpointOwner,
  id: string,
  { url, eventTypes, description }: EndpointChoice,
  sealedSecret: Buffer,
): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT payments.create_webhook_endpoint($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    actor.name,
    actor.correlationId,
    merchantId,
    id,
    url,
    eventTypes,
    description,
    uuid(),
    sealedSecret,
  ]);
  return rowCount === 1;
}

/** Replaces the choices of an endpoint. Returns false if the merchant has no such endpoint, as the functions below do. */
export async function changeEndpoint(
  pool: Pool,
  { merchantId, actor }: EndpointOwner,
  id: string,
  { url, eventTypes, description }: EndpointChoice,
): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT payments.change_webhook_endpoint($1, $2, $3, $4, $5, $6, $7)', [
    actor.name,
    actor.correlationId,
    merchantId,
    id,
    url,
    eventTypes,
    description,
  ]);
  return rowCount === 1;
}

/** Enables or disables an endpoint. */
export async function enableEndpoint(
  pool: Pool,
  { merchantId, actor }: EndpointOwner,
  id: string,
  enable: boolean,
): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT payments.enable_webhook_endpoint($1, $2, $3, $4, $5)', [
    actor.name,
    actor.correlationId,
    merchantId,
    id,
    enable,
  ]);
  return rowCount === 1;
}

/** Adds a signing secret. The current one signs beside it for some seconds. */
export async function rollSecret(
  pool: Pool,
  { merchantId, actor }: EndpointOwner,
  id: string,
  sealedSecret: Buffer,
  oldSecretValidSeconds: number,
): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT payments.roll_webhook_secret($1, $2, $3, $4, $5, $6, $7)', [
    actor.name,
    actor.correlationId,
    merchantId,
    id,
    uuid(),
    sealedSecret,
    oldSecretValidSeconds,
  ]);
  return rowCount === 1;
}

/** Deletes an endpoint and its secrets. */
export async function deleteEndpoint(pool: Pool, { merchantId, actor }: EndpointOwner, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT payments.delete_webhook_endpoint($1, $2, $3, $4)', [
    actor.name,
    actor.correlationId,
    merchantId,
    id,
  ]);
  return rowCount === 1;
}
