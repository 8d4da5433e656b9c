import { setTimeout as wait } from 'node:timers/promises';
import { Positions } from '../../libs/eventing/projections/positions.query';

const lookEveryMilliseconds = 50;
// Nobody follows the log when the read models stand still this long; a server that starts later catches up.
const standstillMillisecondsMax = 5_000;

/** Waits until the read models have passed a position, for as long as they move. @returns whether they have */
export const untilProjected = async (positions: Positions, target: bigint, signal: AbortSignal): Promise<boolean> => {
  let reached = await positions.current();
  let movedAt = performance.now();
  while (reached < target) {
    if (signal.aborted || performance.now() - movedAt > standstillMillisecondsMax) return false;
    await wait(lookEveryMilliseconds);
    const now = await positions.current();
    if (now > reached) movedAt = performance.now();
    reached = now;
  }
  return true;
};
