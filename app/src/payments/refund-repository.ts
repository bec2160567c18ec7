import { isoTime } from '../db/iso-time.ts';
import { newestFirst, type Position } from '../db/newest-first.ts';
import type { MerchantQuery } from '../db/merchant-query.ts';
import type { Refund } from './refund.ts';

/** A refund has the currency of its payment. */
export const currencyOfRefund = '(SELECT p.currency FROM payments.payments p WHERE p.id = refunds.payment_id)';

const columns = `id, payment_id AS "paymentId", amount_minor AS "amountMinor", ${currencyOfRefund} AS currency, reason,
  ${isoTime('created_at')} AS "createdAt"`;

/** The filters of a list of refunds. */
export interface RefundFilter {
  readonly createdFrom?: string;
  readonly createdTo?: string;
}

/** Refunds of the caller, newest first, from a position on. */
export function pageOfRefunds(
  { createdFrom, createdTo }: RefundFilter,
  after: Position | undefined,
  limit: number,
): MerchantQuery<Refund> {
  return newestFirst({ table: 'payments.refunds', columns, after, limit }, (value) => [
    createdFrom && `created_at >= ${value(createdFrom)}`,
    createdTo && `created_at < ${value(createdTo)}`,
  ]);
}
