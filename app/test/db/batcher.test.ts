import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Batcher } from '../../src/db/batcher.ts';
import { WaitQueue } from '../../src/db/wait-queue.ts';

/** A batcher whose batches wait until they are released one by one. */
function heldBatcher({
  maxBatchSize = 10,
  minIntervalMilliseconds = 0,
  maxConcurrency = 1,
  fail = (_items: readonly number[]): Error | undefined => undefined,
} = {}) {
  const line = new WaitQueue();
  const begun: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const batcher = new Batcher<number, string>(
    async (items) => {
      begun.push(items);
      await new Promise<void>((resolve) => gates.push(resolve));
      const error = fail(items);
      if (error) throw error;
      return items.map((item) => `did ${item}`);
    },
    {
      maxBatchSize,
      minIntervalMilliseconds,
      maxConcurrency,
      line,
      mayBeOneItem: (error) => (error as Error).message.startsWith('item'),
    },
  );
  /** Releases batches one by one until none is left. */
  const release = async () => {
    await endOfTurn();
    for (let gate = gates.shift(); gate; gate = gates.shift()) {
      gate();
      await endOfTurn();
    }
  };
  return { batcher, begun, line, release };
}

describe('a batcher', () => {
  test('batches the items of one event-loop turn, and those that arrive while a batch runs', async () => {
    const { batcher, begun, release } = heldBatcher();
    const results = [1, 2].map((item) => batcher.add(item));
    expect(begun).toEqual([]);
    await endOfTurn();
    expect(begun).toEqual([[1, 2]]);
    results.push(batcher.add(3));
    await endOfTurn();
    results.push(batcher.add(4));
    await release();
    expect(await Promise.all(results)).toEqual(['did 1', 'did 2', 'did 3', 'did 4']);
    expect(begun.slice(1)).toEqual([[3, 4]]);
    const later = batcher.add(5);
    await endOfTurn();
    expect(begun).toHaveLength(3);
    await release();
    expect(await later).toBe('did 5');
  });

  test('limits a batch to maxBatchSize, in order of arrival', async () => {
    const { batcher, begun, release } = heldBatcher({ maxBatchSize: 2 });
    const results = [1, 2, 3, 4, 5, 6].map((item) => batcher.add(item));
    await release();
    await Promise.all(results);
    expect(begun).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  test('spaces batches under load, except the first and full ones', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { batcher, begun, release } = heldBatcher({ maxBatchSize: 3, minIntervalMilliseconds: 6 });
    const results = [batcher.add(1)];
    await endOfTurn();
    results.push(batcher.add(2));
    await vi.advanceTimersByTimeAsync(2);
    await release();
    results.push(batcher.add(3));
    await vi.advanceTimersByTimeAsync(3);
    expect(begun).toEqual([[1]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toEqual([[1], [2, 3]]);
    results.push(...[4, 5, 6].map((item) => batcher.add(item)));
    await release();
    expect(begun.slice(2)).toEqual([[4, 5, 6]]);
    await Promise.all(results);
    results.push(batcher.add(7));
    await endOfTurn();
    expect(begun.slice(3)).toEqual([[7]]);
    await release();
    await Promise.all(results);
  });

  test('starts a concurrent batch once it is half full, up to maxConcurrency', async () => {
    const { batcher, begun, release } = heldBatcher({ maxBatchSize: 4, maxConcurrency: 2 });
    const results = [batcher.add(1)];
    await endOfTurn();
    results.push(batcher.add(2));
    await endOfTurn();
    expect(begun).toEqual([[1]]);
    results.push(batcher.add(3));
    await endOfTurn();
    expect(begun).toEqual([[1], [2, 3]]);
    results.push(...[4, 5, 6, 7, 8].map((item) => batcher.add(item)));
    await endOfTurn();
    expect(begun).toHaveLength(2);
    await release();
    expect(begun.slice(2)).toEqual([[4, 5, 6, 7], [8]]);
    expect(await Promise.all(results)).toHaveLength(8);
    const later = batcher.add(9);
    await release();
    expect(await later).toBe('did 9');
  });

  test('puts the items of one turn into one batch, even if they fill half of another', async () => {
    const { batcher, begun, release } = heldBatcher({ maxBatchSize: 4, maxConcurrency: 2 });
    const results = [1, 2, 3, 4, 5].map((item) => batcher.add(item));
    await endOfTurn();
    expect(begun).toEqual([[1, 2, 3, 4]]);
    await release();
    expect(begun.slice(1)).toEqual([[5]]);
    await Promise.all(results);
  });

  test('retries items one by one when one of them may have failed, and rejects only that one', async () => {
    const fail = (items: readonly number[]) => (items.includes(3) ? new Error('item 3 is bad') : undefined);
    const { batcher, begun, release } = heldBatcher({ fail });
    const results = Promise.allSettled([1, 2, 3, 4].map((item) => batcher.add(item)));
    await release();
    expect(begun).toEqual([[1, 2, 3, 4], [1], [2], [3], [4]]);
    expect(
      (await results).map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
    ).toEqual(['did 1', 'did 2', 'Error: item 3 is bad', 'did 4']);
  });

  test('rejects all items without a retry when no item caused the error, and continues with the next batch', async () => {
    let away = true;
    const { batcher, begun, release } = heldBatcher({
      fail: () => (away ? new Error('the database is away') : undefined),
    });
    const results = Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    await release();
    expect(await results).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }, { status: 'rejected' }]);
    expect(begun).toEqual([[1, 2, 3]]);
    away = false;
    const next = batcher.add(4);
    await release();
    expect(await next).toBe('did 4');
  });

  test('keeps items in the wait queue until their batch has ended or failed', async () => {
    const fail = (items: readonly number[]) => (items.includes(2) ? new Error('the database is away') : undefined);
    const { batcher, line, release } = heldBatcher({ fail });
    expect(line.ageMilliseconds).toBe(0);
    const ended = Promise.allSettled([batcher.add(1), batcher.add(2)]);
    await expect.poll(() => line.ageMilliseconds).toBeGreaterThan(5);
    await release();
    await ended;
    expect(line.ageMilliseconds).toBe(0);
  });

  test('rejects items without a result', async () => {
    const batcher = new Batcher<number, number>((items) => Promise.resolve(items.slice(1)), {
      maxBatchSize: 10,
      mayBeOneItem: () => false,
      line: new WaitQueue(),
    });
    await expect(batcher.add(1)).rejects.toThrow('1 items had 0 results');
  });
});
