import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { readProgress } from './projection-store.adapter';

/** How far the read models are, and waiting until they are far enough. One look at the checkpoint serves all who wait. */
const lookEveryMilliseconds = 4;
const waitMillisecondsMax = 2_000;

export class Positions {
  private looking: Promise<bigint> | undefined;

  constructor(private readonly pool: Pool) {}

  /** Position that every read model has passed; -1 before the first event. */
  async current(): Promise<bigint> {
    this.looking ??= readProgress(this.pool)
      .then(({ position }) => position)
      .finally(() => {
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
}
