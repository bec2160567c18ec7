import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { patienceMilliseconds } from '../support/eventually.ts';
import { startLagMeasurement } from '../../src/outbox/outbox-lag.ts';
import type { BackgroundLoop } from '../../src/background-loop.ts';
import { startOutboxRelay } from '../../src/outbox/outbox-relay.ts';
import { drain, makeDue, relayTo } from '../support/outbox.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
const running: BackgroundLoop[] = [];
beforeAll(async () => {
  platform = await startPlatform();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await makeDue(platform);
  await drain(platform);
});
afterAll(() => platform.close());

function measure(pool = platform.database.api): number[] {
  const lags: number[] = [];
  const metrics = { outboxLag: (seconds: number) => lags.push(seconds) };
  running.push(startLagMeasurement({ pool, logger: platform.logger, metrics, intervalMilliseconds: 20 }));
  return lags;
}

async function waitingSince(seconds: number): Promise<void> {
  await platform.pay();
  await platform.database.superuser.query(
    `UPDATE payments.outbox SET created_at = now() - make_interval(secs => $1) WHERE delivered_at IS NULL`,
    [seconds],
  );
}

test('is 0 while the outbox is empty', async () => {
  const lags = measure();
  await vi.waitFor(() => {
    expect(lags.length).toBeGreaterThan(2);
  }, patienceMilliseconds);
  expect(new Set(lags)).toEqual(new Set([0]));
});

test('is measured while the relay is never idle', async () => {
  await waitingSince(90);
  let turns = 0;
  const busy = startOutboxRelay({
    ...relayTo(platform, async () => {
      turns += 1;
      await makeDue(platform);
      // Unknown ids are reported as delivered, so that the relay continues without a pause.
      return [randomUUID()];
    }),
  });
  running.push(busy);
  const lags = measure();
  await vi.waitFor(() => {
    expect(turns).toBeGreaterThan(20);
    expect(lags.length).toBeGreaterThan(2);
  }, patienceMilliseconds);
  for (const lag of lags) expect(lag).toBeCloseTo(90, -2);
});

test('is measured while a delivery hangs', async () => {
  await waitingSince(400);
  let release = (): void => undefined;
  const hanging = new Promise<string[]>((resolve) => {
    release = () => {
      resolve([]);
    };
  });
  running.push(startOutboxRelay(relayTo(platform, () => hanging)));
  const lags = measure();
  await vi.waitFor(() => {
    expect(lags.length).toBeGreaterThan(2);
  }, patienceMilliseconds);
  release();
  expect(lags.at(-1)).toBeCloseTo(400, -2);
});

test('continues after a database outage', async () => {
  const { api } = platform.database;
  const query = vi.spyOn(api, 'query').mockImplementationOnce(() => {
    throw new Error('The database is away.');
  });
  const lags = measure();
  await vi.waitFor(() => {
    expect(lags.length).toBeGreaterThan(0);
  }, patienceMilliseconds);
  query.mockRestore();
});
