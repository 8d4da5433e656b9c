import { setTimeout as sleep } from 'node:timers/promises';

const pollMilliseconds = 20;

/** Looks again and again until it is so. @throws when it is not so in time */
export const eventually = async (
  what: string,
  isSo: () => boolean | Promise<boolean>,
  millisecondsMax = 60_000,
): Promise<void> => {
  for (const deadline = Date.now() + millisecondsMax; !(await isSo()); await sleep(pollMilliseconds))
    if (Date.now() > deadline) throw new Error(`not in ${millisecondsMax} ms: ${what}`);
};
