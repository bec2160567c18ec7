import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EmbeddedMetrics } from '../../src/telemetry/embedded-metrics.ts';
import { embeddedMetricFormat } from '../support/embedded-metric-format.ts';

/** The parts of a line that these tests read. */
interface Line {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

const now = new Date('2026-01-02T03:04:05.678Z');
let texts: string[];
let metrics: EmbeddedMetrics;

beforeEach(() => {
  vi.useFakeTimers({ now });
  texts = [];
  metrics = new EmbeddedMetrics('pr123', (text) => texts.push(text), 10);
});
afterEach(() => {
  metrics.close();
  vi.useRealTimers();
});

const lines = () => texts.map((text) => JSON.parse(text) as Line);

function recordEverything(): void {
  metrics.paymentProcessed('approved', 120.4567);
  metrics.paymentProcessed('declined', 80);
  metrics.queuedPaymentFinished('approved', 3000);
  metrics.queuedPaymentFailed();
  metrics.refundProcessed();
  metrics.requestEnded(201, 12);
  metrics.requestEnded(499, 9);
  metrics.requestEnded(500, 7);
  metrics.outboxLag(0.25);
}

describe('a line', () => {
  test('matches the schema of the specification', () => {
    recordEverything();
    metrics.flush();
    const validate = new Ajv({ strict: true, allErrors: true }).compile(embeddedMetricFormat);
    expect(lines().map((line) => validate(line) || validate.errors)).toEqual([true]);
  });

  test('contains no line break', () => {
    metrics = new EmbeddedMetrics('two\nlines', (text) => texts.push(text));
    metrics.refundProcessed();
    metrics.flush();
    expect(texts).toEqual([expect.not.stringContaining('\n')]);
  });

  test('contains each declared metric with its values and unit', () => {
    recordEverything();
    metrics.flush();
    expect(lines()).toEqual([
      {
        _aws: {
          Timestamp: now.getTime(),
          CloudWatchMetrics: [
            {
              Namespace: 'PaymentPlatform',
              Dimensions: [['Environment']],
              Metrics: [
                { Name: 'PaymentsProcessed', Unit: 'Count' },
                { Name: 'PaymentsApproved', Unit: 'Count' },
                { Name: 'PaymentDuration', Unit: 'Milliseconds' },
                { Name: 'PaymentsDeclined', Unit: 'Count' },
                { Name: 'QueuedPaymentsFinished', Unit: 'Count' },
                { Name: 'QueuedPaymentDuration', Unit: 'Milliseconds' },
                { Name: 'QueuedPaymentsFailed', Unit: 'Count' },
                { Name: 'RefundsProcessed', Unit: 'Count' },
                { Name: 'RequestDuration', Unit: 'Milliseconds' },
                { Name: 'ServerErrors', Unit: 'Count' },
                { Name: 'OutboxLag', Unit: 'Seconds' },
              ],
            },
          ],
        },
        Environment: 'pr123',
        PaymentsProcessed: [1, 1, 1],
        PaymentsApproved: [1, 1],
        PaymentsDeclined: [1],
        PaymentDuration: [120.457, 80],
        QueuedPaymentsFinished: [1],
        QueuedPaymentDuration: [3000],
        QueuedPaymentsFailed: [1],
        RefundsProcessed: [1],
        RequestDuration: [12, 9, 7],
        ServerErrors: [1],
        OutboxLag: [0.25],
      },
    ]);
  });

  test('declares only metrics with values', () => {
    metrics.outboxLag(3);
    metrics.flush();
    const [line] = lines();
    expect(line?._aws.CloudWatchMetrics[0]?.Metrics).toEqual([{ Name: 'OutboxLag', Unit: 'Seconds' }]);
    expect(Object.keys(line ?? {})).toEqual(['_aws', 'Environment', 'OutboxLag']);
  });

  test('has at most 100 values per metric, and loses none', () => {
    for (let request = 1; request <= 250; request += 1) metrics.requestEnded(200, request);
    metrics.flush();
    const values = lines().map((line) => line['RequestDuration'] as number[]);
    expect(values.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(values.flat()).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  });
});

describe('writing', () => {
  test('happens every ten seconds, once per value', () => {
    metrics.refundProcessed();
    vi.advanceTimersByTime(9_999);
    expect(texts).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(lines().map((line) => line['RefundsProcessed'])).toEqual([[1]]);
    vi.advanceTimersByTime(10_000);
    metrics.flush();
    expect(texts).toHaveLength(1);
  });

  test('happens on close, and not after it', () => {
    metrics.refundProcessed();
    metrics.close();
    expect(texts).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
