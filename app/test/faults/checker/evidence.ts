import type { BookLine } from '../acquirer/book.ts';
import type { Intention } from '../load/intention.ts';
import type { Recorded, RecordedEvent, RecordedPayment, RecordedPosting } from './recorded.ts';

/** The three witnesses, none of whom knows what the others say. */
export interface Witnesses {
  /** What clients asked for and were told. */
  readonly intentions: readonly Intention[];
  /** What the acquirer did. */
  readonly book: readonly BookLine[];
  /** What the database holds. */
  readonly recorded: Recorded;
}

/** All that is known of one payment: its token, which clients chose, brings the witnesses together. */
export interface Case {
  readonly paymentToken: string;
  readonly intentions: readonly Intention[];
  /** What the acquirer did with the money; what it declined is not in it. */
  readonly charges: readonly BookLine[];
  readonly payments: readonly RecordedPayment[];
  readonly postings: readonly RecordedPosting[];
  readonly events: readonly RecordedEvent[];
}

/** One case for each token that any witness speaks of. */
export function casesOf({ intentions, book, recorded }: Witnesses): Case[] {
  const asked = grouped(intentions, ({ paymentToken }) => paymentToken);
  const charged = grouped(
    book.filter(({ declineCode }) => declineCode === undefined),
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

/** Items by what they have in common. */
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

/** The sum of what a number stands for in each item. */
export function total<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amountOf(item), 0);
}
