import { grouped, total, type Witnesses } from './evidence.ts';
import type { Receipt } from '../receiver/receipts.ts';
import type { RecordedEvent, RecordedTotal } from './recorded.ts';

/** An inconsistency, and its payment if there is one. */
export interface Finding {
  readonly rule: string;
  readonly paymentToken?: string;
  readonly text: string;
}

type PlatformRule = (witnesses: Witnesses) => readonly Omit<Finding, 'rule'>[];

const scopeOf = ({ merchantId, key }: { readonly merchantId: string; readonly key: string }) => `${merchantId} ${key}`;
const totalScope = ({ merchantId, day, currency }: RecordedTotal | RecordedEvent) => `${merchantId} ${day} ${currency}`;

const webhookOf = ({ merchantId, eventId, type, amountMinor }: Omit<Receipt, 'paymentId' | 'isSigned'>) =>
  `${merchantId} ${eventId} ${type} ${amountMinor}`;

export const platformRules = {
  'each key is stored with the response that the client received': ({ intentions, recorded }) => {
    const asked = new Map(intentions.map((intention) => [scopeOf(intention), intention]));
    const stored = grouped(recorded.keys, scopeOf);
    const missing = intentions
      .filter((intention) => intention.state === 'acknowledged' && !stored.has(scopeOf(intention)))
      .map(({ key, paymentToken, merchantId }) => ({
        paymentToken,
        text: `key ${key} of merchant ${merchantId} is missing`,
      }));
    const wrong = recorded.keys.flatMap((row) => {
      const intention = asked.get(scopeOf(row));
      if (!intention) return [{ text: `key ${row.key} is stored for merchant ${row.merchantId}, which never sent it` }];
      const { paymentToken, responses } = intention;
      if (!row.isFinished) return [{ paymentToken, text: `key ${row.key} is still in progress` }];
      return responses
        .filter(({ status, body }) => status !== row.responseStatus || body !== row.responseBody)
        .map(() => ({ paymentToken, text: `key ${row.key}: the stored response differs from the received one` }));
    });
    return [...missing, ...wrong];
  },

  'each event reaches the endpoint of its merchant, signed, in order for each payment': ({ receipts, recorded }) => {
    const received = grouped(receipts, ({ paymentId }) => paymentId);
    // A creation is in the timeline only; its request is in the outbox.
    const sent = recorded.events.filter(({ type }) => type !== 'payment.created');
    const happened = grouped(sent, ({ paymentId }) => paymentId);
    return [...new Set([...received.keys(), ...happened.keys()])].flatMap((paymentId) => {
      const arrived = received.get(paymentId) ?? [];
      // An event may arrive several times; the first one counts.
      const found = [...new Set(arrived.map(webhookOf))].join('; ');
      const expected = (happened.get(paymentId) ?? [])
        .map(({ id, ...event }) => webhookOf({ ...event, eventId: id }))
        .join('; ');
      const unsigned = arrived.filter(({ isSigned }) => !isSigned).map(({ eventId }) => eventId);
      return [
        ...(found === expected ? [] : [{ text: `payment ${paymentId}: ${found} received, ${expected} expected` }]),
        ...unsigned.map((eventId) => ({ text: `the signature of event ${eventId} is wrong` })),
      ];
    });
  },

  'the daily totals count each event once': ({ recorded }) => {
    const events = grouped(
      recorded.events.filter(({ receipts }) => receipts === 1),
      totalScope,
    );
    const counted = new Map(recorded.totals.map((row) => [totalScope(row), row]));
    return [...new Set([...events.keys(), ...counted.keys()])].flatMap((scope) => {
      const ofType = (type: string) => (events.get(scope) ?? []).filter((event) => event.type === type);
      const sum = (type: string) => total(ofType(type), ({ amountMinor }) => amountMinor);
      const expected = [
        ofType('payment.authorized').length,
        ofType('payment.declined').length,
        sum('payment.captured'),
        sum('refund.succeeded'),
      ].join(', ');
      const row = counted.get(scope);
      const found = row
        ? [row.approvedCount, row.declinedCount, row.capturedMinor, row.refundedMinor].join(', ')
        : 'nothing';
      return expected === found ? [] : [{ text: `${scope}: ${found} counted, ${expected} expected` }];
    });
  },
} as const satisfies Record<string, PlatformRule>;
