import { type Intention, receivedPayment } from '../load/intention.ts';
import { type Case, total } from './evidence.ts';

/** A rule for each payment. Returns descriptions of violations. */
type CaseRule = (evidence: Case) => readonly (string | false | undefined)[];

const creating = ({ intentions }: Case) => intentions.find(({ kind }) => kind === 'create');
const ofKind = ({ charges }: Case, kind: string) => charges.filter((line) => line.kind === kind);
const chargedFor = (evidence: Case, { kind, amountMinor }: Intention) =>
  ofKind(evidence, kind === 'create' ? 'authorizations' : `${kind}s`).filter(
    (line) => kind === 'create' || kind === 'void' || line.amountMinor === amountMinor,
  );

/** The outcome in a response: `true` for approved, `false` for declined. */
function wasDone({ kind, responses: [answer] }: Intention): boolean | undefined {
  if (!answer) return undefined;
  const { status } = receivedPayment(answer);
  if (kind === 'create') return status !== 'declined';
  if (kind === 'refund') return answer.status === 201;
  return kind === 'capture' ? status === 'captured' : status === 'voided';
}

export const caseRules = {
  'an acknowledged payment exists once, for the merchant that created it': (evidence) => {
    const create = creating(evidence);
    const { payments } = evidence;
    const [payment] = payments;
    return [
      payments.length > 1 && `exists ${payments.length} times`,
      !create && payment !== undefined && 'exists without a request',
      create?.state === 'acknowledged' && !payment && 'was acknowledged and is lost',
      create && create.accepted > 0 && !payment && 'was accepted and is lost',
      create && payment && payment.merchantId !== create.merchantId && `belongs to merchant ${payment.merchantId}`,
      create?.responses[0] &&
        payment &&
        receivedPayment(create.responses[0]).id !== payment.id &&
        'has another id than in the response',
    ];
  },

  'amounts and status equal the last response': (evidence) => {
    const { payments, intentions } = evidence;
    const last = intentions.at(-1);
    const [payment] = payments;
    const [answer] = last?.responses ?? [];
    if (!answer || !payment) return [];
    const received = receivedPayment(answer);
    const fields = ['status', 'amountMinor', 'capturedAmountMinor', 'refundedAmountMinor', 'currency'] as const;
    return fields.map(
      (field) =>
        received[field] !== payment[field] && `${field}: ${received[field]} in the response, ${payment[field]} stored`,
    );
  },

  'every final response for a key is the same': ({ intentions }) =>
    intentions.map(({ key, responses }) => {
      const answers = new Set(responses.map(({ status, body }) => `${status} ${body}`));
      return answers.size > 1 && `key ${key} received ${[...answers].join(' and ')}`;
    }),

  'no client receives an unexpected response': ({ intentions }) =>
    intentions.flatMap(({ key, unexpected }) => unexpected.map((response) => `key ${key}: ${response}`)),

  'every retried request receives a final response': ({ intentions }) =>
    intentions.map(
      ({ key, kind, state, attempts }) =>
        state === 'open' && `${kind} ${key} has no final response after ${attempts} attempts`,
    ),

  'the acquirer executes each operation once': (evidence) => [
    ...evidence.intentions.map((intention) => {
      const done = wasDone(intention);
      const { key, kind } = intention;
      const times = chargedFor(evidence, intention).length;
      if (done === undefined) return times > 1 && `${kind} ${key}: executed ${times} times`;
      return (
        times !== (done ? 1 : 0) &&
        `${kind} ${key}: executed ${times} times, but the response was ${done ? 'approved' : 'declined'}`
      );
    }),
    ...evidence.charges.map(({ kind, reference, amountMinor }) => {
      if (kind === 'conflict') return `reference ${reference} was used for two different requests`;
      const asked = evidence.intentions.some((intention) =>
        chargedFor(evidence, intention).some((line) => line.reference === reference),
      );
      return !asked && `${kind} of ${amountMinor} with reference ${reference} without a request`;
    }),
  ],

  "the database equals the acquirer's journal": (evidence) => {
    const [payment] = evidence.payments;
    const [authorization] = ofKind(evidence, 'authorizations');
    if (!payment) return [authorization && 'the acquirer authorized a payment that does not exist'];
    const sum = (kind: string) => total(ofKind(evidence, kind), ({ amountMinor }) => amountMinor);
    const captured = authorization?.capture === true ? authorization.amountMinor : sum('captures');
    const differs = (what: string, stored: unknown, done: unknown) =>
      stored !== done && `${what}: ${String(stored)} stored, ${String(done)} in the journal`;
    return [
      differs('declined', payment.status === 'declined', authorization === undefined),
      differs('voided', payment.status === 'voided', ofKind(evidence, 'voids').length === 1),
      authorization !== undefined && differs('amount', payment.amountMinor, authorization.amountMinor),
      differs('captured', payment.capturedAmountMinor, captured),
      differs('refunded', payment.refundedAmountMinor, sum('refunds')),
    ];
  },

  'each payment has its ledger entries, and each posting sums to zero': (evidence) => {
    const { postings } = evidence;
    const [payment] = evidence.payments;
    if (!payment) return [];
    const booked = (kind: string) =>
      total(
        postings.filter((posting) => posting.kind === kind),
        ({ receivableMinor }) => receivableMinor,
      );
    const count = (kind: string) => postings.filter((posting) => posting.kind === kind).length;
    const refunds = ofKind(evidence, 'refunds').length;
    const captures = payment.capturedAmountMinor > 0 ? 1 : 0;
    return [
      ...postings.map(
        ({ id, entryCount, sumMinor }) =>
          (entryCount < 2 || sumMinor !== 0) && `posting ${id}: ${entryCount} entries sum to ${sumMinor}`,
      ),
      ...postings.map(
        ({ id, merchantId }) => merchantId !== payment.merchantId && `posting ${id} belongs to another merchant`,
      ),
      count('capture') !== captures && `${count('capture')} capture postings, ${captures} expected`,
      count('refund') !== refunds && `${count('refund')} refund postings, ${refunds} expected`,
      booked('capture') !== payment.capturedAmountMinor &&
        `${booked('capture')} booked of ${payment.capturedAmountMinor} captured`,
      booked('refund') !== -payment.refundedAmountMinor &&
        `${-booked('refund')} booked of ${payment.refundedAmountMinor} refunded`,
    ];
  },

  'each event is in the outbox once, delivered and consumed once': (evidence) => {
    const [payment] = evidence.payments;
    if (!payment) return [];
    const published = evidence.events.filter(({ type }) => type !== 'payment.created');
    const count = (type: string) => published.filter((event) => event.type === type).length;
    const expected = {
      'payment.authorized': ofKind(evidence, 'authorizations').length,
      'payment.declined': payment.status === 'declined' ? 1 : 0,
      'payment.captured': payment.capturedAmountMinor > 0 ? 1 : 0,
      'payment.voided': payment.status === 'voided' ? 1 : 0,
      'refund.succeeded': ofKind(evidence, 'refunds').length,
    };
    return [
      ...Object.entries(expected).map(
        ([type, times]) => count(type) !== times && `${count(type)} events ${type}, ${times} expected`,
      ),
      ...published.flatMap(({ id, type, timesInOutbox, isDelivered, receipts }) => [
        timesInOutbox !== 1 && `event ${type} ${id} is in the outbox ${timesInOutbox} times`,
        timesInOutbox > 0 && !isDelivered && `event ${type} ${id} was not delivered`,
        isDelivered && receipts !== 1 && `event ${type} ${id} was not consumed`,
      ]),
    ];
  },

  'no payment is left in progress': ({ payments }) =>
    payments.map(
      ({ id, status, isPending }) =>
        (status === 'processing' || isPending) &&
        `payment ${id} is ${status}${isPending ? ', with an operation pending' : ''}`,
    ),
} as const satisfies Record<string, CaseRule>;
