import type { BindValue } from '../db/merchant-query.ts';
import type { Source } from '../db/newest-first.ts';
import { Problem } from '../problems.ts';

/** The filters of a list of payments. */
export interface PaymentFilter {
  readonly status?: string;
  readonly currency?: string;
  readonly reference?: string;
  readonly paymentToken?: string;
  readonly createdFrom?: string;
  readonly createdTo?: string;
  /** Minor units of whatever currency a payment has, as digits. */
  readonly amountFrom?: string;
  readonly amountTo?: string;
  readonly declineCode?: string;
  /** Pairs that a payment must have. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const byMetadata = 'payment_created_at';

/**
 * Where the payments of a filter are read: in the table itself, or by the index of the first pair of metadata, which is in the order of
 * the list, too.
 */
export function paymentSource({ metadata = {} }: PaymentFilter): Source {
  const [pair] = Object.entries(metadata);
  if (!pair) return { table: 'payments.payments' };
  const [name, text] = pair;
  return {
    table: (value) =>
      `payments.payments JOIN (
         SELECT payment_id AS id, merchant_id, payment_created_at FROM payments.payment_metadata
         WHERE name = ${value(name)} AND value = ${value(text)}
       ) AS pair USING (id, merchant_id)`,
    createdAt: byMetadata,
  };
}

/** The conditions of a filter on rows of {@link paymentSource}. */
export function paymentConditions(filter: PaymentFilter, value: BindValue): readonly (string | undefined)[] {
  const { status, currency, reference, paymentToken, amountFrom, amountTo, declineCode, createdFrom, createdTo } =
    filter;
  const pairs = Object.entries(filter.metadata ?? {});
  const createdAt = pairs.length > 0 ? byMetadata : 'created_at';
  return [
    status && `status = ${value(status)}`,
    currency && `currency = ${value(currency)}`,
    reference && `reference = ${value(reference)}`,
    paymentToken && `payment_token = ${value(paymentToken)}`,
    createdFrom && `${createdAt} >= ${value(createdFrom)}`,
    createdTo && `${createdAt} < ${value(createdTo)}`,
    amountFrom && `amount_minor >= ${value(amountFrom)}`,
    amountTo && `amount_minor <= ${value(amountTo)}`,
    declineCode && `decline_code = ${value(declineCode)}`,
    pairs.length > 1 ? `metadata @> ${value(JSON.stringify(filter.metadata))}` : undefined,
  ];
}

/** 400: no payment can have an amount between the two. */
export function refuseEmptyRange({ amountFrom, amountTo }: PaymentFilter): void {
  if (amountFrom === undefined || amountTo === undefined || Number(amountFrom) <= Number(amountTo)) return;
  throw new Problem('validation-failed', `No amount is at least ${amountFrom} and at most ${amountTo}.`, {
    errors: [{ pointer: '/querystring/amountTo', detail: `must be at least ${amountFrom}` }],
  });
}
