import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { Unavailable } from '../failures';
import { readProgress } from './projection-store.adapter';

/** How far the read models are, and waiting until they are far enough. One look at the checkpoint serves all who wait. */
const lookEveryMilliseconds = 4;
const waitMillisecondsMax = 2_000;
// A database that stands still breaks no connection; without a limit its readers would stand still with it.
const answerMillisecondsMax = 5_000;

export class Positions {
  private looking: Promise<bigint> | undefined;

  constructor(private readonly pool: Pool) {}

  /** Position that every read model has passed; -1 before the first event. @throws Unavailable when there is no answer */
  async current(): Promise<bigint> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** Waits, bounded, until the read models have passed `after`. @returns where they are, and whether that is far enough */
  async passed(after: bigint | undefined): Promise<{ position: bigint; stale: boolean }> {
    const deadline = performance.now() + waitMillisecondsMax;
    for (;;) {
      const position = await this.current();
      const stale = after !== undefined && position < after;
      if (!stale || performance.now() >= deadline) return { position, stale };
      await wait(lookEveryMilliseconds);
    }
  }

  private async look(): Promise<bigint> {
    const timer = new AbortController();
    const late = wait(answerMillisecondsMax, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
    const progress = readProgress(this.pool);
    // Whoever gave up does not hear how it ends.
    progress.catch(() => undefined);
    try {
      const answer = await Promise.race([progress, late]);
      if (answer === 'late') throw new Unavailable('not-done', 'the read models do not answer');
      return answer.position;
    } finally {
      timer.abort();
    }
  }
}
