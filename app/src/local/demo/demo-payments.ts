import type { NewPayment } from '../../payments/payment.ts';

/** Something that happens to a demo payment after its authorization. */
export type DemoStep =
  | { readonly kind: 'capture'; readonly amountMinor?: number }
  | { readonly kind: 'void' }
  | { readonly kind: 'refund'; readonly amountMinor?: number; readonly reason: string }
  | { readonly kind: 'document'; readonly name: string; readonly content: string };

/** One payment of the demo merchant, with its later steps. */
export interface DemoPayment {
  readonly newPayment: NewPayment;
  /** When it was taken, in milliseconds before the seeding. */
  readonly ago: number;
  readonly steps: readonly TimedStep[];
}

/** A step and when it happened, in milliseconds before the seeding. */
export interface TimedStep {
  readonly step: DemoStep;
  readonly ago: number;
}

/** What becomes of a payment after its acquirer was asked. */
interface Story {
  /** @default tok_approve */
  readonly token?: string;
  /** Whether the payment is captured with its authorization. @default false */
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

/** What becomes of payments, in turn: most are captured at once, one of each other kind follows. */
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

/** The payments of two months, oldest first; the same in every seeding. The newest are still only authorized. */
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
    // Some hours or days after the payment, and never in the future.
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
