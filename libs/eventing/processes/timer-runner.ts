import { setTimeout as wait } from 'node:timers/promises';
import { Limiter } from '../limits';

/**
 * Lets timers go off that stand in a read model.
 *
 * Guarantee: each timer goes off at least once, also across crashes, and in order: what fell due first is in the same batch or in
 * an earlier one. Once is the doing of `fire`, whose command has an id made from the timer and whose rule refuses what was told.
 * It sleeps until the next timer is due, and looks again when something was committed. What time it is says the given clock
 * alone; how long to sleep is a guess that a jump of that clock makes wrong by `sleepMillisecondsMax` at most. What was told stands
 * due until the read models hold it, and is passed over meanwhile: who falls due now does not wait for that.
 */
const keysPerBatch = 500;
const toldMax = 4 * keysPerBatch;
const firesMax = 64;
const sleepMillisecondsMax = 5_000;
// Many commits in a row are one reason to look, and a weak one while nothing goes off.
const lookEveryMilliseconds = { telling: 50, quiet: 200 } as const;
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

/** Keys that have gone off, as far as nobody has told them yet. */
interface Batch {
  readonly now: Date;
  readonly due: readonly DueKey[];
  /** Behind which the next batch begins; undefined when nothing is due. */
  readonly last: DueKey | undefined;
}

/** What one walk has told. */
interface Walk {
  readonly told: DueKey[];
  position: bigint | undefined;
}

export class TimerRunner {
  private stopping = false;
  private running: Promise<void> | undefined;
  private readonly firing = new Limiter(firesMax);
  /** Instants of what was told and is not in the read models yet, by key. */
  private readonly told = new Map<string, number>();
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
        const hasTold = this.options.leads() && (await this.goThrough());
        await this.sleep(hasTold ? 'telling' : 'quiet');
      } catch (error) {
        this.options.onFailure(this.timers.name, error);
        await wait(failureWaitMilliseconds);
      }
  }

  /** One walk over everything that has gone off, batch after batch. @returns whether anything was told */
  private async goThrough(): Promise<boolean> {
    const walk: Walk = { told: [], position: undefined };
    try {
      await this.walkThrough(walk);
    } finally {
      const settled = this.settle(walk);
      // Whoever has told very much waits rather than passing over it again and again.
      if (this.told.size >= toldMax) await settled;
    }
    return walk.told.length > 0;
  }

  private async walkThrough(walk: Walk): Promise<void> {
    let coming = this.batchAfter(undefined);
    for (;;) {
      const { now, due, last } = await coming;
      if (!last || this.stopping) return;
      // What was told stays due until its row has moved; the walk goes on behind it, and reads on while this is told.
      coming = this.batchAfter(last);
      coming.catch(() => undefined);
      await this.fireAll(due, now, walk);
    }
  }

  private async batchAfter(after: DueKey | undefined): Promise<Batch> {
    const now = await this.options.clock();
    const found = await this.timers.due(now, after, keysPerBatch);
    const due = found.filter(({ key, at }) => this.told.get(key) !== at.getTime());
    if (due.length && !this.stopping) await this.timers.prepare?.(due);
    return { now, due, last: found.at(-1) };
  }

  private async fireAll(batch: readonly DueKey[], now: Date, walk: Walk): Promise<void> {
    const fireOne = async (due: DueKey): Promise<void> => {
      if (this.stopping) return;
      try {
        const position = await this.timers.fire(due, now);
        if (position === undefined) return;
        this.told.set(due.key, due.at.getTime());
        walk.told.push(due);
        if (walk.position === undefined || position > walk.position) walk.position = position;
      } catch (error) {
        // One case that cannot be told of does not stop the others; it is tried again on the next walk.
        this.options.onFailure(`${this.timers.name} ${due.key}`, error);
      }
    };
    await Promise.all(batch.map((due) => this.firing.run(() => fireOne(due))));
  }

  /** Told again the same timers would do no harm and be work for nothing: it is so for what does not come in time. */
  private async settle({ told, position }: Walk): Promise<void> {
    if (position === undefined) return;
    try {
      await this.options.passed(position);
    } catch (error) {
      if (!this.stopping) this.options.onFailure(this.timers.name, error);
    }
    for (const { key, at } of told) if (this.told.get(key) === at.getTime()) this.told.delete(key);
  }

  private async sleep(pace: keyof typeof lookEveryMilliseconds): Promise<void> {
    await wait(lookEveryMilliseconds[pace]);
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
