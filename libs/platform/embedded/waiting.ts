import { setTimeout as sleep } from 'node:timers/promises';

const pollMilliseconds = 10;

/** Looks again and again until `look` finds something. @returns undefined when the time is over or `signal` aborts */
export const until = async <T>(
  look: () => T | undefined,
  millisecondsMax: number,
  signal?: AbortSignal,
): Promise<T | undefined> => {
  const deadline = Date.now() + millisecondsMax;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadline || signal?.aborted) return undefined;
    await sleep(pollMilliseconds);
  }
};

/** @returns whether `done` settled in time */
export const within = async (done: Promise<unknown>, millisecondsMax: number): Promise<boolean> => {
  const timer = new AbortController();
  const late = sleep(millisecondsMax, false, { signal: timer.signal }).catch(() => false);
  const settled = done.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, late]);
  timer.abort();
  return inTime;
};
