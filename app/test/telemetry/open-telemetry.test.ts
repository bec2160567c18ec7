import { describe, expect, test } from 'vitest';
import { startTracing } from '../../src/telemetry/start-tracing.ts';
import { withSpan, withChildSpan } from '../../src/telemetry/tracing.ts';
import { eventually } from '../support/eventually.ts';
import { startNode } from '../support/child-process.ts';
import { follow, recordTracesOfTest } from '../support/tracing.ts';
import { startUpstream } from '../support/upstream.ts';
import { pino } from 'pino';

const traceId = '5759e988bd862e3fe1be46a994272793';
const parent = '53995c3f42cd8ad8';
const xray = (sampled: 0 | 1) => ({
  'x-amzn-trace-id': `Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${parent};Sampled=${sampled}`,
});
const w3c = (flags: '00' | '01') => ({ traceparent: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}` });

describe('the parent of a span', () => {
  test.each([
    ['by API Gateway', xray(1), traceId, parent],
    ['by W3C trace context', w3c('01'), '0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'],
    ['by both: API Gateway stands nearer', { ...w3c('01'), ...xray(1) }, traceId, parent],
  ])('is extracted from the headers, %s', async (_by, headers, expectedTrace, expectedParent) => {
    const recorded = await recordTracesOfTest();
    const header = follow(recorded, headers);
    const [span] = recorded.spans();
    expect(span).toMatchObject({ traceId: expectedTrace, parentSpanId: expectedParent, correlationId: 'order-4711' });
    const root = `1-${expectedTrace.slice(0, 8)}-${expectedTrace.slice(8)}`;
    expect(header).toBe(`Root=${root};Parent=${span?.spanId ?? ''};Sampled=1`);
  });

  test.each([
    ['nothing', {}],
    ['what a load balancer adds by itself', { 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793' }],
    ['nonsense', { 'x-amzn-trace-id': 'Root=1;Parent=x;Sampled=1', traceparent: '00-zz' }],
  ])('is none for %s: a new trace starts, with an id that X-Ray accepts', async (_what, headers) => {
    const recorded = await recordTracesOfTest();
    follow(recorded, headers);
    const [span] = recorded.spans();
    expect(span?.parentSpanId).toBeUndefined();
    // A trace id contains its start time, and X-Ray rejects those older than 30 days.
    const began = parseInt(span?.traceId.slice(0, 8) ?? '', 16) * 1000;
    expect(Math.abs(Date.now() - began)).toBeLessThan(24 * 3600 * 1000);
  });
});

describe('sampling', () => {
  test.each([
    ['by API Gateway', xray(0)],
    ['by W3C trace context', w3c('00')],
    ['by API Gateway, against an older yes', { ...w3c('01'), ...xray(0) }],
  ])('follows the decision of the parent, %s', async (_by, headers) => {
    const recorded = await recordTracesOfTest();
    expect(follow(recorded, headers)).toMatch(/;Sampled=0$/);
    expect(recorded.spans()).toEqual([]);
  });

  test('is a fixed share without a parent decision, and everything with a sampled parent', async () => {
    const recorded = await recordTracesOfTest({ samplePercent: 10 });
    for (let request = 0; request < 1000; request += 1) follow(recorded);
    // 100 are expected; both limits are ten standard deviations away.
    expect(recorded.spans().length).toBeGreaterThan(5);
    expect(recorded.spans().length).toBeLessThan(195);
    const before = recorded.spans().length;
    for (let request = 0; request < 20; request += 1) follow(recorded, xray(1));
    expect(recorded.spans().length - before).toBe(20);
  });

  test('follows the X-Ray sampling rules once the collector provides them', async () => {
    let away = true;
    const rule = {
      RuleName: 'none',
      Priority: 1,
      FixedRate: 0,
      ReservoirSize: 0,
      ServiceName: 'payments-api-test',
      ServiceType: '*',
      Host: '*',
      HTTPMethod: '*',
      URLPath: '*',
      ResourceARN: '*',
      Version: 1,
      Attributes: {},
    };
    const proxy = await startUpstream((_request, response) => {
      if (away) response.writeHead(503).end();
      else response.end(JSON.stringify({ SamplingRuleRecords: [{ SamplingRule: rule }] }));
    });
    const port = Number(new URL(proxy.url).port);
    const without = await recordTracesOfTest({ samplingPort: port });
    await eventually('the proxy was asked', () => proxy.received.length > 0);
    expect(follow(without)).toMatch(/;Sampled=1$/);
    away = false;
    const recorded = await recordTracesOfTest({ samplingPort: port });
    await eventually('the rule holds', () => follow(recorded).endsWith(';Sampled=0'));
    expect(proxy.received[0]).toMatchObject({ method: 'POST', url: '/GetSamplingRules' });
    await proxy.close();
  });
});

describe('a child span', () => {
  test('that fails has the name of its error, not its message', async () => {
    const recorded = await recordTracesOfTest();
    const root = recorded.tracing.startSpan({ name: 'work', kind: 'server', cause: {}, correlationId: 'order-4711' });
    const refusal = withChildSpan(root, 'part', () => Promise.reject(new TypeError('tok_secret is refused')));
    await expect(refusal).rejects.toThrow('tok_secret is refused');
    await withSpan(root, () => Promise.resolve());
    expect(recorded.spans()).toMatchObject([
      {
        name: 'part',
        'error.type': 'TypeError',
        parentSpanId: recorded.spans()[1]?.spanId,
        correlationId: 'order-4711',
      },
      { name: 'work' },
    ]);
    expect(JSON.stringify(recorded.spans())).not.toContain('tok_secret');
  });

  test('is not created without a trace', async () => {
    const work = (part: unknown) => Promise.resolve(part);
    expect(await withChildSpan(undefined, 'part', work)).toBeUndefined();
  });
});

describe('loading', () => {
  const loads = async (exporter: string) => {
    const program = `
      import { createRequire } from 'node:module';
      import './src/app.ts'; import './src/outbox/traced-transport.ts'; import './src/outbox/event-consumer.ts';
      import { startTracing } from './src/telemetry/start-tracing.ts';
      const tracing = await startTracing({ exporter: '${exporter}', samplePercent: 10, port: 4318 }, 'test', console);
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('opentelemetry'));
      console.log(JSON.stringify({ tracing: tracing !== undefined, loaded: loaded.length > 0 }));`;
    const { ended, output } = startNode(['--import', 'tsx', '--input-type=module', '--eval', program]);
    expect(await ended).toBe(0);
    return JSON.parse(output.at(-1) ?? '') as unknown;
  };

  test('loads no OpenTelemetry module if tracing is off', async () => {
    expect(await loads('off')).toEqual({ tracing: false, loaded: false });
    expect(await loads('console')).toEqual({ tracing: true, loaded: true });
  });

  test('returns no tracing if it is off', async () => {
    const environment = { exporter: 'off', samplePercent: 100, port: 4318, samplingPort: 2000 } as const;
    expect(await startTracing(environment, 'test', pino({ enabled: false }))).toBeUndefined();
  });
});
