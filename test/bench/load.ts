import { setTimeout as wait } from 'node:timers/promises';
import { Timings, timingsOf } from './statistics';

/** One who calls again and again; a call resolves when its answer is there. */
export type Caller = () => Promise<unknown>;

export interface ClosedLoop {
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly onWarm?: () => unknown;
}

/** Closed loop: every caller calls as soon as it was answered. Nothing of the warm-up counts. */
export const closedLoop = async (
  callers: readonly Caller[],
  { warmUpSeconds, seconds, onWarm = () => undefined }: ClosedLoop,
): Promise<Timings> => {
  const milliseconds: number[] = [];
  const from = performance.now() + warmUpSeconds * 1000;
  const to = from + seconds * 1000;
  setTimeout(onWarm, warmUpSeconds * 1000);
  await Promise.all(
    callers.map(async (call) => {
      for (let began = performance.now(); began < to; began = performance.now()) {
        await call();
        const ended = performance.now();
        if (ended >= from && ended < to) milliseconds.push(ended - began);
      }
    }),
  );
  return timingsOf(milliseconds, seconds);
};

/**
 * Open loop: calls come at a steady rate, whether or not earlier ones were answered, and a call's time begins when it was due.
 * So a server that stands still is charged with everything that would have come meanwhile. One that cannot keep up is given
 * three times as long as the calls should take, and its times say by how much it failed.
 */
const patience = 3;

export const openLoop = async (
  callers: readonly Caller[],
  { perSecond, warmUpSeconds, seconds }: { perSecond: number; warmUpSeconds: number; seconds: number },
): Promise<Timings> => {
  const milliseconds: number[] = [];
  const started = performance.now();
  const due = (call: number): number => started + (call * 1000) / perSecond;
  const calls = Math.round((warmUpSeconds + seconds) * perSecond);
  const giveUp = started + (warmUpSeconds + seconds) * 1000 * patience;
  let next = 0;
  await Promise.all(
    callers.map(async (call) => {
      for (let mine = next++; mine < calls && performance.now() < giveUp; mine = next++) {
        const early = due(mine) - performance.now();
        if (early > 0) await wait(early);
        await call();
        if (mine >= warmUpSeconds * perSecond) milliseconds.push(performance.now() - due(mine));
      }
    }),
  );
  return timingsOf(milliseconds, (performance.now() - started) / 1000 - warmUpSeconds);
};
