import type { NewPayment } from '../../payments/payment.ts';

/** An operation on a demo payment after its authorization. */
export type DemoStep =
  | { readonly kind: 'capture'; readonly amountMinor?: number }
  | { readonly kind: 'void' }
  | { readonly kind: 'refund'; readonly amountMinor?: number; readonly reason: string }
  | { readonly kind: 'document'; readonly name: string; readonly content: string };

/** A payment of the demo merchant and its later steps. */
export interface DemoPayment {
  readonly newPayment: NewPayment;
  /** The age of the payment, in milliseconds before the seeding. */
  readonly ago: number;
  readonly steps: readonly TimedStep[];
}

export interface TimedStep {
  readonly step: DemoStep;
  /** The age of the step, in milliseconds before the seeding. */
  readonly ago: number;
}

/** How a payment proceeds: its token decides the authorization, the steps follow. */
interface Story {
  /** @default tok_approve */
  readonly token?: string;
  /** Whether the payment is captured automatically. @default false */
  readonly isCaptured?: true;
  readonly steps?: readonly DemoStep[];
}

const hour = 3_600_000;
const day = 24 * hour;
const paymentCount = 120;
const firstDaysAgo = 60;

const catalogue = [
  ['Espresso beans, 1 kg', 2490],
  ['Filter papers', 590],
  ['Hand grinder', 8900],
  ['Gift card', 5000],
  ['Pour-over set', 4250],
  ['Workshop for two', 12_800],
  ['Travel mug', 1990],
] as const;
/** Half of the payments are in euros. Prices in yen have no decimals. */
const currencies = ['EUR', 'USD', 'EUR', 'JPY'] as const;

/** The stories, assigned to the payments in turn. Most payments are captured automatically. */
const stories: readonly ((amountMinor: number) => Story)[] = [
  captured,
  captured,
  (amountMinor) => ({
    isCaptured: true,
    steps: [{ kind: 'refund', amountMinor: half(amountMinor), reason: 'Returned in part' }],
  }),
  captured,
  () => ({ steps: [{ kind: 'capture' }, document('Delivery note.txt', 'Delivered and signed for.')] }),
  () => ({ token: 'tok_decline_insufficient_funds' }),
  captured,
  () => ({ isCaptured: true, steps: [{ kind: 'refund', reason: 'Arrived damaged' }] }),
  () => ({ steps: [{ kind: 'void' }] }),
  captured,
  (amountMinor) => ({ steps: [{ kind: 'capture', amountMinor: half(amountMinor) }] }),
  () => ({ token: 'tok_decline_expired_card' }),
  captured,
  () => ({ steps: [{ kind: 'capture' }] }),
  () => ({ token: 'tok_timeout', isCaptured: true }),
  () => ({ token: 'tok_decline_stolen_card' }),
  () => ({ isCaptured: true, steps: [document('Invoice.txt', 'Thank you for your order.')] }),
];

/** Two months of payments, oldest first; the same in every seeding. The newest six are authorized only. */
export function demoPayments(): readonly DemoPayment[] {
  return Array.from({ length: paymentCount }, (_, index) => demoPayment(index));
}

function demoPayment(index: number): DemoPayment {
  const ago =
    firstDaysAgo * day -
    Math.round((index * (firstDaysAgo - 0.5) * day) / paymentCount) -
    ((index * 37) % 10) * (hour / 10);
  const [description, price] = catalogue[index % catalogue.length] ?? catalogue[0];
  const currency = currencies[index % currencies.length] ?? 'EUR';
  const amountMinor = price * (1 + (index % 3));
  const isNew = index >= paymentCount - 6;
  const { token = 'tok_approve', isCaptured, steps = [] } = isNew ? {} : story(index, amountMinor);
  return {
    newPayment: {
      amountMinor,
      currency,
      paymentToken: token,
      capture: isCaptured ? 'automatic' : 'manual',
      reference: `order-${10_001 + index}`,
      description,
    },
    ago,
    // Some hours or days after the payment, but never in the future.
    steps: steps.map((step, number) => ({ step, ago: ago * (0.97 - 0.05 * number) })),
  };
}

function story(index: number, amountMinor: number): Story {
  return (stories[index % stories.length] ?? captured)(amountMinor);
}

function captured(): Story {
  return { isCaptured: true };
}

function document(name: string, content: string): DemoStep {
  return { kind: 'document', name, content };
}

function half(amountMinor: number): number {
  return Math.round(amountMinor / 2);
}
