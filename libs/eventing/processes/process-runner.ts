import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { Recorded } from '../event';
import { EventTypes, UnreadableEvent } from '../event-types';
import { Unavailable } from '../failures';
import { KeyedQueue, Limiter } from '../limits';
import { textOf } from '../projections/decoding';
import { LoggedEvent } from '../projections/mirror';
import { isPassing } from '../trouble';
import { hold, letGo, readHeld, readWaiting } from './held-streams.adapter';
import { readProcessProgress, writeProcessProgress } from './process-store.adapter';
import { SharedTail } from './shared-tail';

/**
 * Lets process managers react to what the projections have committed, in the order of each stream.
 *
 * Guarantee: each event reaches each process at least once, also across crashes; a reaction must therefore be idempotent,
 * which commands with ids made from the event are. A reaction that fails is tried again and holds up later ones of its process; when it
 * is the event that is at fault, as after several times it must be, only its stream is left behind, and taken up again from time to
 * time and by whoever leads next. How far a process is, is noted from time to time, and when it has nothing to do or is stopped.
 */
const reactionsMax = 16;
const idleMilliseconds = 200;
const noteEveryMilliseconds = 250;
const failureWaitMilliseconds = 1_000;
const attemptsUsual = 5;
const takeUpEveryMilliseconds = 30_000;

export interface Process {
  readonly name: string;
  /** Types it reacts to; all others pass by. */
  readonly types: readonly string[];
  /** Looks up for many events at once what each reaction would ask for alone. */
  readonly prepare?: (events: readonly LoggedEvent[]) => Promise<void>;
  readonly react: (event: Recorded) => Promise<void>;
}

export interface ProcessOptions {
  readonly pool: Pool;
  readonly types: EventTypes;
  /** Only the worker that leads the projections reacts. */
  readonly leads: () => boolean;
  readonly onFailure: (process: string, error: unknown) => void;
  /** How often an event is tried before its stream is left behind. */
  readonly attemptsMax?: number;
}

/** Up to which sequence a process has reacted, and up to which that is noted. */
interface Place {
  readonly reached: number;
  readonly noted: number;
}

/** The streams that a process has left behind, and since which event. */
interface Behind {
  readonly streams: Map<string, number>;
  triedAt: number;
}

const attemptOf = (process: Process, event: LoggedEvent): string => `${process.name} ${event.id}`;

export class ProcessRunner {
  private stopping = false;
  private running: Promise<unknown> | undefined;
  private readonly order = new KeyedQueue();
  private readonly reactions = new Limiter(reactionsMax);
  private readonly places = new Map<Process, Place>();
  private readonly behind = new Map<Process, Behind>();
  /** How often reactions have failed, by process and event. */
  private readonly attempts = new Map<string, number>();
  private notedAt = -Infinity;
  private noting: Promise<void> | undefined;
  /** Those who have nothing to do wait together. */
  private waiting: Promise<'woken' | 'late'> | undefined;
  private wake: () => void = () => undefined;
  private readonly tail: SharedTail;

  constructor(
    private readonly processes: readonly Process[],
    private readonly options: ProcessOptions,
  ) {
    this.tail = new SharedTail(options.pool, [...new Set(processes.flatMap(({ types }) => types))]);
  }

  start(): void {
    this.running = Promise.all(this.processes.map((process) => this.run(process)))
      .then(() => this.note())
      .catch((error: unknown) => this.options.onFailure('how far processes are', error));
  }

  /** Something was committed: look now rather than later. @param reached the last sequence that was */
  nudge(reached?: number): void {
    if (reached !== undefined) this.tail.extend(reached);
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.nudge();
    await this.running;
  }

  private async run(process: Process): Promise<void> {
    while (!this.stopping)
      try {
        const leads = this.options.leads();
        // Whoever leads meanwhile moves on without telling us.
        if (!leads) {
          this.places.delete(process);
          this.behind.delete(process);
        }
        if (leads) await this.takeUp(process);
        const worked = leads && (await this.page(process));
        if (!worked && (await this.idle()) === 'late' && leads) await this.look();
      } catch (error) {
        this.options.onFailure(process.name, error);
        await wait(failureWaitMilliseconds);
      }
  }

  private idle(): Promise<'woken' | 'late'> {
    this.waiting ??= new Promise((resolve) => {
      const settle = (how: 'woken' | 'late') => (): void => {
        clearTimeout(late);
        this.waiting = undefined;
        resolve(how);
      };
      const late = setTimeout(settle('late'), idleMilliseconds);
      this.wake = settle('woken');
    });
    return this.waiting;
  }

  /** Nobody has said anything for a while: what is not noted yet is, and the log is asked for news. */
  private async look(): Promise<void> {
    await this.noteReached();
    await this.tail.look();
  }

  /**
   * Events of one stream in their order, those of different streams side by side.
   * @param failed streams of this page with an event that failed: what comes behind it waits for it
   */
  private react(process: Process, event: LoggedEvent, failed: Set<string>): Promise<void> {
    return this.order.run(`${process.name} ${event.stream}`, () =>
      this.reactions.run(async () => {
        const { streams } = await this.behindOf(process);
        if (this.stopping || failed.has(event.stream) || streams.has(event.stream)) return;
        try {
          await this.reactTo(process, event);
        } catch (error) {
          failed.add(event.stream);
          if (this.mayPass(process, event, error)) throw error;
          await this.leaveBehind(process, event, error);
        }
      }),
    );
  }

  private async reactTo(process: Process, event: LoggedEvent): Promise<void> {
    const readable = this.readable(process, event);
    if (readable) await process.react(readable);
    this.attempts.delete(attemptOf(process, event));
  }

  /** Whether the same may succeed a little later. */
  private mayPass(process: Process, event: LoggedEvent, error: unknown): boolean {
    if (error instanceof Unavailable || isPassing(error)) return true;
    const attempt = attemptOf(process, event);
    const attempts = (this.attempts.get(attempt) ?? 0) + 1;
    this.attempts.set(attempt, attempts);
    return attempts < (this.options.attemptsMax ?? attemptsUsual);
  }

  private async leaveBehind(process: Process, event: LoggedEvent, error: unknown): Promise<void> {
    const { stream, sequence, id: eventId } = event;
    await hold(this.options.pool, { process: process.name, stream, sequence, eventId, error: textOf(error) });
    (await this.behindOf(process)).streams.set(stream, sequence);
    this.attempts.delete(attemptOf(process, event));
    this.options.onFailure(process.name, error);
  }

  private async behindOf(process: Process): Promise<Behind> {
    const known = this.behind.get(process);
    if (known) return known;
    const held = await readHeld(this.options.pool, process.name);
    const behind = this.behind.get(process) ?? {
      streams: new Map(held.map(({ stream, sequence }) => [stream, sequence])),
      triedAt: -Infinity,
    };
    this.behind.set(process, behind);
    return behind;
  }

  /** Tries again what was left behind, at once after the lead was taken: a newer build may know what to do. */
  private async takeUp(process: Process): Promise<void> {
    const behind = await this.behindOf(process);
    if (!behind.streams.size || performance.now() - behind.triedAt < takeUpEveryMilliseconds) return;
    const { reached } = await this.placeOf(process);
    for (const [stream, sequence] of behind.streams) {
      // Where it was left is noted at once, how far the process is only from time to time.
      if (sequence > reached) continue;
      behind.triedAt = performance.now();
      const waiting = await readWaiting(this.options.pool, { stream, sequence }, reached, process.types);
      if (!(await this.reactToAll(process, waiting))) continue;
      await letGo(this.options.pool, process.name, stream);
      behind.streams.delete(stream);
    }
  }

  /** @returns whether nothing is left behind any more */
  private async reactToAll(process: Process, events: readonly LoggedEvent[]): Promise<boolean> {
    for (const event of events)
      try {
        if (this.stopping) return false;
        await this.reactTo(process, event);
      } catch (error) {
        if (error instanceof Unavailable || isPassing(error)) throw error;
        await this.leaveBehind(process, event, error);
        return false;
      }
    return true;
  }

  /** Waits for a build that knows the event; passes by what no build has written. */
  private readable(process: Process, event: LoggedEvent): Recorded | undefined {
    try {
      return this.options.types.decode(event);
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      this.options.onFailure(process.name, error);
      return undefined;
    }
  }

  private async page(process: Process): Promise<boolean> {
    const { reached: after } = await this.placeOf(process);
    const { events, upTo } = await this.tail.after(after);
    if (upTo <= after) return false;
    const own = events.filter(({ type }) => process.types.includes(type));
    const failed = new Set<string>();
    if (own.length) await process.prepare?.(own);
    await Promise.all(own.map((event) => this.react(process, event, failed)));
    if (this.stopping) return false;
    this.places.set(process, { ...(await this.placeOf(process)), reached: upTo });
    if (own.length && performance.now() - this.notedAt >= noteEveryMilliseconds) await this.noteReached();
    return true;
  }

  private async placeOf(process: Process): Promise<Place> {
    const known = this.places.get(process);
    if (known) return known;
    const noted = await readProcessProgress(this.options.pool, process.name);
    const place = { reached: noted, noted };
    this.places.set(process, place);
    return place;
  }

  /** Notes how far all of them are, at once. */
  private noteReached(): Promise<void> {
    this.noting ??= this.note().finally(() => {
      this.noting = undefined;
      this.notedAt = performance.now();
    });
    return this.noting;
  }

  private async note(): Promise<void> {
    const moved = [...this.places].filter(([, { reached, noted }]) => reached > noted);
    if (!moved.length) return;
    const names = moved.map(([{ name }, { reached }]) => [name, reached] as const);
    await writeProcessProgress(this.options.pool, new Map(names));
    for (const [process, { reached: noted }] of moved) {
      const place = this.places.get(process);
      // Whoever has lost the lead meanwhile has forgotten where it was.
      if (place) this.places.set(process, { ...place, noted });
    }
  }
}
