import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets others of the same thread have their turn in a long work: those who wait for an answer must not wait for all of it. */
const millisecondsMax = 4;

export class Turns {
  private since = performance.now();

  /** To be called between parts of the work, however small they are. */
  async pass(): Promise<void> {
    if (performance.now() - this.since < millisecondsMax) return;
    await nextTurn();
    this.since = performance.now();
  }
}
