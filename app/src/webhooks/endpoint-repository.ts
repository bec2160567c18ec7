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

/** Calls a function that acts on an endpoint and adds the audit entry. Returns false if the function returns no row. */
async function act(
  pool: Pool,
  routine: `payments.${string}`,
  { merchantId, actor }: EndpointOwner,
  id: string,
  ...choices: readonly unknown[]
): Promise<boolean> {
  const values = [actor.name, actor.correlationId, merchantId, id, ...choices];
  const parameters = values.map((_value, index) => `$${index + 1}`).join(', ');
  const { rowCount } = await pool.query(`SELECT ${routine}(${parameters})`, values);
  return rowCount === 1;
}

/** Creates an endpoint. Returns false if the merchant has as many as it may have. */
export function createEndpoint(
  pool: Pool,
  owner: EndpointOwner,
  id: string,
  { url, eventTypes, description }: EndpointChoice,
  sealedSecret: Buffer,
): Promise<boolean> {
  return act(pool, 'payments.create_webhook_endpoint', owner, id, url, eventTypes, description, uuid(), sealedSecret);
}

/** Replaces the choices of an endpoint. Returns false if the merchant has no such endpoint, as the functions below do. */
export function changeEndpoint(
  pool: Pool,
  owner: EndpointOwner,
  id: string,
  { url, eventTypes, description }: EndpointChoice,
): Promise<boolean> {
  return act(pool, 'payments.change_webhook_endpoint', owner, id, url, eventTypes, description);
}

/** Enables or disables an endpoint. */
export function enableEndpoint(pool: Pool, owner: EndpointOwner, id: string, enable: boolean): Promise<boolean> {
  return act(pool, 'payments.enable_webhook_endpoint', owner, id, enable);
}

/** Adds a signing secret. The current one signs beside it for some seconds. */
export function rollSecret(
  pool: Pool,
  owner: EndpointOwner,
  id: string,
  sealedSecret: Buffer,
  oldSecretValidSeconds: number,
): Promise<boolean> {
  return act(pool, 'payments.roll_webhook_secret', owner, id, uuid(), sealedSecret, oldSecretValidSeconds);
}

/** Deletes an endpoint and its secrets. */
export function deleteEndpoint(pool: Pool, owner: EndpointOwner, id: string): Promise<boolean> {
  return act(pool, 'payments.delete_webhook_endpoint', owner, id);
}
