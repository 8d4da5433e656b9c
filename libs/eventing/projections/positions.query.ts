import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { Unavailable } from '../failures';
import { readReach, Reach } from './quarantine.adapter';

/**
 * How far the read models are, and waiting until they are far enough. One look at the checkpoint serves all who wait.
 *
 * Beside a worker it is told of each commit; elsewhere, or when the lead has gone to another process, it looks by itself.
 */
const lookEveryMilliseconds = { told: 50, untold: 4 } as const;
const toldMilliseconds = 1_000;
const waitMillisecondsMax = 2_000;
// A database that stands still breaks no connection; without a limit its readers would stand still with it.
const answerMillisecondsMax = 5_000;

export class Positions {
  private looking: Promise<Reach> | undefined;
  private toldAt = -Infinity;
  private moves = 0;
  private news: Promise<void> | undefined;
  private tellNews: () => void = () => undefined;

  constructor(private readonly pool: Pool) {}

  /** The read models have moved. */
  moved(): void {
    this.toldAt = performance.now();
    this.moves++;
    this.news = undefined;
    this.tellNews();
  }

  /** Position that every read model has passed; -1 before the first event. @throws Unavailable when there is no answer */
  async current(): Promise<bigint> {
    return (await this.reach()).position;
  }

  /** @throws Unavailable when there is no answer */
  reach(): Promise<Reach> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /**
   * Waits, bounded, until the read models have passed `after`.
   * @returns where they are, whether that is far enough, and how many keys stand still and are older than that
   */
  async passed(after: bigint | undefined): Promise<Reach & { readonly stale: boolean }> {
    const deadline = performance.now() + waitMillisecondsMax;
    for (;;) {
      const { moves } = this;
      const reach = await this.reach();
      const stale = after !== undefined && reach.position < after;
      if (!stale || performance.now() >= deadline) return { ...reach, stale };
      // What came while it looked may not be in what it saw.
      if (this.moves === moves) await this.untilNews();
    }
  }

  private async untilNews(): Promise<void> {
    this.news ??= new Promise((resolve) => (this.tellNews = resolve));
    const isTold = performance.now() - this.toldAt < toldMilliseconds;
    await Promise.race([this.news, wait(lookEveryMilliseconds[isTold ? 'told' : 'untold'])]);
  }

  private look(): Promise<Reach> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Unavailable('not-done', 'the read models do not answer')),
        answerMillisecondsMax,
      );
      readReach(this.pool)
        .then(resolve, reject)
        .finally(() => clearTimeout(late));
    });
  }
}
