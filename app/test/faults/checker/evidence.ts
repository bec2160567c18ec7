import type { JournalLine } from '../acquirer/journal.ts';
import type { Intention } from '../load/intention.ts';
import type { Receipt } from '../receiver/receipts.ts';
import type { Recorded, RecordedEvent, RecordedPayment, RecordedPosting } from './recorded.ts';

/** Four independent records of the run. */
export interface Witnesses {
  /** The requests and responses of the clients. */
  readonly intentions: readonly Intention[];
  /** The operations of the acquirer. */
  readonly journal: readonly JournalLine[];
  /** The webhooks that the receiver has received, in order. */
  readonly receipts: readonly Receipt[];
  /** The rows of the database. */
  readonly recorded: Recorded;
}

/** The records of one payment, joined by its token. */
export interface Case {
  readonly paymentToken: string;
  readonly intentions: readonly Intention[];
  /** The approved operations of the acquirer. */
  readonly charges: readonly JournalLine[];
  readonly payments: readonly RecordedPayment[];
  readonly postings: readonly RecordedPosting[];
  readonly events: readonly RecordedEvent[];
}

/** One case per token in any record. */
export function casesOf({ intentions, journal, recorded }: Witnesses): Case[] {
  const asked = grouped(intentions, ({ paymentToken }) => paymentToken);
  const charged = grouped(
    journal.filter(({ declineCode }) => declineCode === undefined),
    ({ paymentToken }) => paymentToken,
  );
  const stored = grouped(recorded.payments, ({ paymentToken }) => paymentToken);
  const posted = grouped(recorded.postings, ({ paymentId }) => paymentId);
  const happened = grouped(recorded.events, ({ paymentId }) => paymentId);
  const tokens = new Set([...asked.keys(), ...charged.keys(), ...stored.keys()]);
  return [...tokens].map((paymentToken) => {
    const payments = stored.get(paymentToken) ?? [];
    return {
      paymentToken,
      payments,
      intentions: asked.get(paymentToken) ?? [],
      charges: charged.get(paymentToken) ?? [],
      postings: payments.flatMap(({ id }) => posted.get(id) ?? []),
      events: payments.flatMap(({ id }) => happened.get(id) ?? []),
    };
  });
}

/** Groups items by a key. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The sum of a number of each item. */
export function total<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amountOf(item), 0);
}
