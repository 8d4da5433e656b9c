import { setTimeout as wait } from 'node:timers/promises';
import { Limiter } from '../limits';

/**
 * Lets timers go off that stand in a read model.
 *
 * Guarantee: each timer goes off at least once, also across crashes, and in order: what fell due first is in the same batch or in
 * an earlier one. Once is the doing of `fire`, whose command has an id made from the timer and whose rule refuses what was told.
 * It sleeps until the next timer is due, and looks again when something was committed. What time it is says the given clock
 * alone; how long to sleep is a guess that a jump of that clock makes wrong by `sleepMillisecondsMax` at most.
 */
const keysPerBatch = 500;
const firesMax = 64;
const sleepMillisecondsMax = 5_000;
// Many commits in a row are one reason to look.
const lookEveryMilliseconds = 50;
const standByMilliseconds = 200;
const failureWaitMilliseconds = 1_000;

/** Tells the time: in production the database's, so that all workers agree. */
export type Clock = () => Promise<Date>;

export interface DueKey {
  readonly key: string;
  /** When the first of its timers went off. */
  readonly at: Date;
}

export interface Timers {
  readonly name: string;
  /** Keys with a timer that has gone off by `now`, in the order of instants and then keys, behind `after`. */
  readonly due: (now: Date, after: DueKey | undefined, keysMax: number) => Promise<readonly DueKey[]>;
  /** When the first of all timers goes off; undefined when there is none. */
  readonly next: () => Promise<Date | undefined>;
  /** Reads at once what telling of these needs. */
  readonly prepare?: (due: readonly DueKey[]) => Promise<void>;
  /** Tells what has gone off. @returns position of what was appended, undefined when all was told already */
  readonly fire: (due: DueKey, now: Date) => Promise<bigint | undefined>;
}

export interface TimerOptions {
  readonly clock: Clock;
  /** Only the worker that leads the projections lets timers go off. */
  readonly leads: () => boolean;
  /** Waits, bounded, until the read models hold what was appended at this position. */
  readonly passed: (position: bigint) => Promise<unknown>;
  readonly onFailure: (name: string, error: unknown) => void;
}

export class TimerRunner {
  private stopping = false;
  private running: Promise<void> | undefined;
  private readonly firing = new Limiter(firesMax);
  private wake: () => void = () => undefined;
  private woken = false;

  constructor(
    private readonly timers: Timers,
    private readonly options: TimerOptions,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Something was committed: a timer may stand earlier than the one slept for. */
  nudge(): void {
    this.woken = true;
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.nudge();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping)
      try {
        const told = this.options.leads() && (await this.goThrough());
        if (!told) await this.sleep();
      } catch (error) {
        this.options.onFailure(this.timers.name, error);
        await wait(failureWaitMilliseconds);
      }
  }

  /** One walk over everything that has gone off, batch after batch. @returns whether something was told */
  private async goThrough(): Promise<boolean> {
    let last: DueKey | undefined;
    let told: bigint | undefined;
    for (;;) {
      const now = await this.options.clock();
      const batch: readonly DueKey[] = await this.timers.due(now, last, keysPerBatch);
      if (!batch.length || this.stopping) break;
      await this.timers.prepare?.(batch);
      const position = await this.fireAll(batch, now);
      if (position !== undefined && (told === undefined || position > told)) told = position;
      // What was told stays due until its row has moved; the walk goes on behind it.
      last = batch.at(-1);
    }
    // Told again the same timers would do no harm and be work for nothing.
    if (told !== undefined) await this.options.passed(told);
    return told !== undefined;
  }

  private async fireAll(batch: readonly DueKey[], now: Date): Promise<bigint | undefined> {
    let latest: bigint | undefined;
    const fireOne = async (due: DueKey): Promise<void> => {
      if (this.stopping) return;
      try {
        const position = await this.timers.fire(due, now);
        if (position !== undefined && (latest === undefined || position > latest)) latest = position;
      } catch (error) {
        // One case that cannot be told of does not stop the others; it is tried again on the next walk.
        this.options.onFailure(`${this.timers.name} ${due.key}`, error);
      }
    };
    await Promise.all(batch.map((due) => this.firing.run(() => fireOne(due))));
    return latest;
  }

  private async sleep(): Promise<void> {
    await wait(lookEveryMilliseconds);
    if (this.stopping) return;
    const awoken = new Promise<void>((resolve) => (this.wake = resolve));
    const milliseconds = this.woken ? 0 : await this.left();
    this.woken = false;
    if (milliseconds <= 0) return;
    const alarm = new AbortController();
    await Promise.race([wait(milliseconds, undefined, { signal: alarm.signal }).catch(() => undefined), awoken]);
    alarm.abort();
  }

  private async left(): Promise<number> {
    // Who stands by looks for the lead and at nothing else.
    if (!this.options.leads()) return standByMilliseconds;
    const [next, now] = [await this.timers.next(), await this.options.clock()];
    const left = next ? next.getTime() - now.getTime() : sleepMillisecondsMax;
    return Math.min(Math.max(left, 0), sleepMillisecondsMax);
  }
}
