import { type TSchema, Type } from 'typebox';
import { accounts } from '../ledger/posting.ts';
import { roles, scopes } from '../merchants/roles.ts';
import { offeredCurrencies } from '../payments/currencies.ts';
import { paymentStatuses } from '../payments/payment-status.ts';

export const strict = { additionalProperties: false };
export const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
export const id = Type.String({ format: 'uuid' });
export const time = Type.String({ format: 'date-time' });
/** At most twelve digits, so that an amount cannot look like a card number. */
const amount = Type.Integer({ minimum: 1, maximum: 999_999_999_999, description: 'Minor units of the currency' });
export const total = Type.Integer({ minimum: 0, description: 'Minor units of the currency' });
const count = Type.Integer({ minimum: 0 });
const currency = Type.Enum([...offeredCurrencies], { description: 'ISO 4217 code' });
/** No control characters and no lone surrogates. JSON permits lone surrogates (RFC 8259), but PostgreSQL cannot store them. */
export const plainText = '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$';

const paymentToken = '^(tok|pm)_[A-Za-z0-9_]{1,60}$';
const metadataName = '^[A-Za-z][A-Za-z0-9_.-]{0,39}$';
const pairs = (description: string) =>
  Type.Record(
    Type.String({ pattern: metadataName }),
    Type.String({ minLength: 1, maxLength: 255, pattern: plainText }),
    { ...strict, maxProperties: 20, description },
  );

export const paymentSchema = Type.Object(
  {
    id,
    status: Type.Enum(paymentStatuses),
    amountMinor: total,
    capturedAmountMinor: total,
    refundedAmountMinor: total,
    currency: Type.String(),
    paymentToken: Type.String(),
    reference: nullable(Type.String()),
    description: nullable(Type.String()),
    declineCode: nullable(Type.String()),
    nextAction: nullable(
      Type.Object(
        {
          type: Type.Enum(['redirect']),
          url: Type.String({
            description: 'Send the browser of the customer there. That of the simulator may be relative to the API.',
          }),
        },
        { description: 'How the customer authenticates; null unless the status is `requires_action`' },
      ),
    ),
    metadata: Type.Record(Type.String(), Type.String(), { description: 'Pairs of the merchant' }),
    createdAt: time,
    updatedAt: time,
  },
  { title: 'Payment' },
);

/** No user information, which `isSafeAddress` refuses in the URL of an acquirer, too. */
const returnUrlPattern =
  '^(https://[^@/?#\\\\]+|http://(localhost|127\\.0\\.0\\.1)(:[0-9]{1,5})?)([/?#][\\x21-\\x7e]*)?$';

export const newPaymentSchema = Type.Object(
  {
    amountMinor: amount,
    currency,
    paymentToken: Type.String({
      pattern: paymentToken,
      description: 'Token of a card. With Stripe, the ID of a PaymentMethod. Card numbers are refused.',
    }),
    reference: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: plainText })),
    description: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: plainText })),
    metadata: Type.Optional(
      pairs(
        'Up to 20 pairs, by which payments can be found. Names begin with a letter and have at most 40 letters, digits, `_`, `.` or `-`.',
      ),
    ),
    capture: Type.Optional(
      Type.Enum(['automatic', 'manual'], {
        description:
          '`automatic` captures the payment when it is authorized; `manual`, the default, authorizes it only',
      }),
    ),
    returnUrl: Type.Optional(
      Type.String({
        format: 'uri',
        maxLength: 2048,
        pattern: returnUrlPattern,
        description:
          'Where the browser of the customer returns after 3-D Secure: https, or http on this machine. Without it, the acquirer declines a ' +
          'card that demands authentication.',
      }),
    ),
  },
  { ...strict, title: 'NewPayment' },
);

export const captureSchema = Type.Object(
  { amountMinor: Type.Optional(amount) },
  { ...strict, title: 'NewCapture', description: 'Without an amount, the whole authorized amount is captured' },
);
export const voidSchema = Type.Object({}, strict);
export const newRefundSchema = Type.Object(
  {
    amountMinor: Type.Optional(amount),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: plainText })),
  },
  { ...strict, title: 'NewRefund', description: 'Without an amount, everything that is left is refunded' },
);

export const refundSchema = Type.Object(
  {
    id,
    paymentId: id,
    amountMinor: total,
    currency: Type.String(),
    reason: nullable(Type.String()),
    createdAt: time,
  },
  { title: 'Refund' },
);
export const refundResponseSchema = Type.Object(
  { refund: refundSchema, payment: paymentSchema },
  { title: 'RefundResponse' },
);

export const eventSchema = Type.Object(
  {
    id,
    type: Type.String(),
    amountMinor: nullable(total),
    detail: nullable(Type.String()),
    actor: nullable(
      Type.Object(
        {
          kind: Type.Enum(['key', 'person']),
          id: Type.String({ description: 'The id of the API key, or the subject of the person' }),
          name: Type.String({ description: 'The name of the key or person at that time' }),
        },
        { description: 'Who asked for a capture, void or refund; null for other events' },
      ),
    ),
    occurredAt: time,
  },
  { title: 'PaymentEvent' },
);

export const entrySchema = Type.Object(
  {
    id,
    postingId: id,
    paymentId: id,
    account: Type.Enum([...accounts]),
    direction: Type.Enum(['debit', 'credit']),
    amountMinor: total,
    currency: Type.String(),
    createdAt: time,
  },
  { title: 'LedgerEntry' },
);

export const balanceSchema = Type.Object(
  {
    account: Type.Enum([...accounts]),
    currency: Type.String(),
    balanceMinor: Type.Integer({ description: 'Debits less credits, minor units' }),
  },
  { title: 'Balance' },
);

export const dailyTotalSchema = Type.Object(
  {
    day: Type.String({ format: 'date' }),
    currency: Type.String(),
    approvedCount: count,
    declinedCount: count,
    capturedMinor: total,
    refundedMinor: total,
  },
  { title: 'DailyTotal' },
);

export const declineCountSchema = Type.Object(
  {
    currency: Type.String(),
    declineCode: Type.String({ description: 'The reason of the acquirer; `unknown` without one' }),
    declinedCount: Type.Integer({ minimum: 1 }),
  },
  { title: 'DeclineCount' },
);

export const sessionSchema = Type.Object(
  {
    merchant: Type.Object({ id, name: Type.String() }),
    scopes: Type.Array(Type.Enum([...scopes])),
    expiresAt: nullable(time),
    person: nullable(
      Type.Object(
        {
          subject: Type.String({ description: 'Identifies the person at the identity provider' }),
          name: Type.String(),
          role: Type.Enum([...roles]),
        },
        { description: 'Who has signed in as a person; null for a session of an API key' },
      ),
    ),
  },
  { title: 'Session' },
);

export const signInSchema = Type.Object(
  { apiKey: Type.String({ minLength: 1, maxLength: 256 }) },
  { ...strict, title: 'NewSession' },
);

const problemMembers = {
  type: Type.String({ description: 'Identifies the problem and never changes. Leads to a page that explains it.' }),
  title: Type.String({ description: 'The same for each problem of the type' }),
  status: Type.Integer({ description: 'The HTTP status' }),
  detail: Type.String({ description: 'What is wrong with this request, and the remedy' }),
  instance: Type.String({ description: 'The path of the request' }),
  correlationId: Type.String({ description: 'Names the request to support and in the log' }),
};
export const problemSchema = Type.Object(
  {
    ...problemMembers,
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: 'JSON pointer to the field' }),
          detail: Type.String({ description: 'What the field must be' }),
        }),
      ),
    ),
  },
  { title: 'Problem' },
);

const declineProblemSchema = Type.Object(
  {
    ...problemMembers,
    declineCode: Type.String({ description: 'The reason of the acquirer' }),
    payment: paymentSchema,
  },
  { title: 'DeclineProblem' },
);
/** 402: the acquirer declined the operation. */
export const operationDeclined = {
  description:
    'The acquirer declined the operation, and the payment is unchanged. A retry needs a new Idempotency-Key.',
  content: { 'application/problem+json': { schema: declineProblemSchema } },
};

export const idParamsSchema = Type.Object(
  { id: Type.String({ format: 'uuid', description: 'The id of the payment' }) },
  strict,
);

export const limit = Type.Optional(
  Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$', description: '1 to 100; 25 by default' }),
);
export const cursor = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: '^[\\w-]+$',
    description: 'The `nextCursor` of the previous page, unchanged',
  }),
);
const currencyFilter = Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code' }));

const amountFilter = (description: string) =>
  Type.Optional(Type.String({ pattern: '^(0|[1-9][0-9]{0,11})$', description: `${description}, in minor units` }));

/** Dates and times that PostgreSQL accepts: no year 0, and no UTC offset above 14 hours. */
const dayFilter = (description: string) =>
  Type.Optional(Type.String({ format: 'date', pattern: '^(?!0000)', description }));
export const acceptedTime = {
  format: 'date-time',
  pattern: '^(?!0000)[^Tt ]+[Tt ][^+-]+(?:[Zz]|[+-](?:0[0-9]|1[0-4])[^+-]*)$',
};
export const timeFilter = (description: string) => Type.Optional(Type.String({ ...acceptedTime, description }));

export const paymentListQuerySchema = Type.Object(
  {
    limit,
    cursor,
    status: Type.Optional(Type.Enum(paymentStatuses, { description: 'Payments in this status' })),
    currency: currencyFilter,
    reference: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, pattern: plainText, description: 'Payments with this reference' }),
    ),
    paymentToken: Type.Optional(Type.String({ pattern: paymentToken, description: 'Payments with this token' })),
    createdFrom: timeFilter('Payments created at this time or later'),
    createdTo: timeFilter('Payments created before this time'),
    amountFrom: amountFilter('Payments of this amount or more'),
    amountTo: amountFilter('Payments of this amount or less'),
    declineCode: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        pattern: plainText,
        description: 'Payments that the acquirer declined for this reason',
      }),
    ),
    metadata: Type.Optional(pairs('Payments with all of these pairs, such as `metadata[order]=1234`')),
  },
  strict,
);

export const refundListQuerySchema = Type.Object(
  {
    limit,
    cursor,
    createdFrom: timeFilter('Refunds created at this time or later'),
    createdTo: timeFilter('Refunds created before this time'),
  },
  strict,
);

export const entryListQuerySchema = Type.Object(
  {
    limit,
    cursor,
    account: Type.Optional(Type.Enum([...accounts], { description: 'Entries of this account' })),
    currency: currencyFilter,
  },
  strict,
);

/** The query of a list without filters. */
export const pageQuerySchema = Type.Object({ limit, cursor }, strict);

export const dailyTotalQuerySchema = Type.Object(
  { from: dayFilter('The first day, in UTC'), to: dayFilter('The last day, in UTC') },
  strict,
);

/** TypeBox's types omit the title. */
const titleOf = (schema: TSchema) => (schema as { readonly title?: string }).title ?? '';
/** A page of a list. Its title is made from that of the items. */
export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object(
    {
      items: Type.Array(item),
      nextCursor: nullable(Type.String({ description: 'The `cursor` of the next page' })),
    },
    { title: `${titleOf(item)}Page` },
  );
/** A list without pagination. */
export const allOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item) }, { title: `${titleOf(item)}List` });

const preference = Type.Optional(
  Type.String({ description: '`respond-async` returns 202 as soon as the payment is stored (RFC 7240)' }),
);
export const preferHeaderSchema = Type.Object({ Prefer: preference });
export const newPaymentQuerySchema = Type.Object(
  { mode: Type.Optional(Type.Enum(['async'], { description: 'The same as `Prefer: respond-async`' })) },
  strict,
);

/** 202: the payment is stored, but the acquirer has not decided yet. */
export const accepted = {
  description:
    'The payment is stored, and the acquirer has not decided yet. With the status `requires_action`, it waits for the customer. A retry with the same Idempotency-Key returns 202 until it has, and then the outcome.',
  headers: {
    Location: { type: 'string', description: 'The URL of the payment' },
    'Retry-After': { type: 'string', description: 'Seconds to wait before the next request' },
    'Preference-Applied': { type: 'string', description: '`respond-async` if the request preferred it' },
  },
  content: { 'application/json': { schema: paymentSchema } },
};

const errorResponse = {
  description: 'A problem as in RFC 9457',
  content: { 'application/problem+json': { schema: problemSchema } },
};
/** The error responses of every route. */
export const errorResponses = { '4xx': errorResponse, '5xx': errorResponse };
