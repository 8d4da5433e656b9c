import { setTimeout as wait } from 'node:timers/promises';
import { Coalescer, KeyedQueue, Limiter } from './limits';

it('never lets more than the limit run at once, and lets all of them run', async () => {
  const limiter = new Limiter(3);
  let running = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      limiter.run(async () => {
        most = Math.max(most, ++running);
        await wait(1);
        running--;
        return index;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

it('goes on after work that failed', async () => {
  const limiter = new Limiter(1);
  const queue = new KeyedQueue();
  await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await limiter.run(() => Promise.resolve(1))).toBe(1);
  const failed = queue.run('a', () => Promise.reject(new Error('no')));
  const next = queue.run('a', () => Promise.resolve(2));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe(2);
});

it('keeps the order of one key and lets others pass', async () => {
  const queue = new KeyedQueue();
  const seen: string[] = [];
  await Promise.all([
    queue.run('a', async () => {
      await wait(10);
      seen.push('a1');
    }),
    queue.run('a', () => Promise.resolve(seen.push('a2'))),
    queue.run('b', () => Promise.resolve(seen.push('b1'))),
  ]);
  expect(seen).toEqual(['b1', 'a1', 'a2']);
});

it('answers many calls with few batches, each call with its own value', async () => {
  const batches: number[][] = [];
  const coalescer = new Coalescer<number, string>(async (keys) => {
    batches.push([...keys]);
    await wait(2);
    return new Map(keys.map((key) => [key, `v${key}`]));
  }, 4);
  expect(await Promise.all([1, 2, 3, 4, 5, 1].map((key) => coalescer.run(key)))).toEqual([
    'v1',
    'v2',
    'v3',
    'v4',
    'v5',
    'v1',
  ]);
  expect(batches).toEqual([[1, 2, 3, 4], [5]]);
});

it('fails only the calls of the batch that failed', async () => {
  let first = true;
  const coalescer = new Coalescer<number, number>((keys) => {
    if (!first) return Promise.resolve(new Map(keys.map((key) => [key, key])));
    first = false;
    return Promise.reject(new Error('down'));
  }, 10);
  await expect(coalescer.run(1)).rejects.toThrow('down');
  expect(await coalescer.run(1)).toBe(1);
});
