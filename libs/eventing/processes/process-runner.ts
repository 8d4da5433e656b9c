import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { Recorded } from '../event';
import { EventTypes, UnreadableEvent } from '../event-types';
import { KeyedQueue, Limiter } from '../limits';
import { LoggedEvent } from '../projections/mirror';
import { readLogAfter, readProgress } from '../projections/projection-store.adapter';
import { readProcessProgress, writeProcessProgress } from './process-store.adapter';

/**
 * Lets process managers react to what the projections have committed, in the order of each stream.
 *
 * Guarantee: each event reaches each process at least once, also across crashes; a reaction must therefore be idempotent,
 * which commands with ids made from the event are. A reaction that fails is tried again and holds up later ones of its process.
 */
const pageEvents = 500;
const reactionsMax = 16;
const idleMilliseconds = 200;
const failureWaitMilliseconds = 1_000;

export interface Process {
  readonly name: string;
  /** Types it reacts to; all others pass by. */
  readonly types: readonly string[];
  readonly react: (event: Recorded) => Promise<void>;
}

export interface ProcessOptions {
  readonly pool: Pool;
  readonly types: EventTypes;
  /** Only the worker that leads the projections reacts. */
  readonly leads: () => boolean;
  readonly onFailure: (process: string, error: unknown) => void;
}

export class ProcessRunner {
  private stopping = false;
  private running: Promise<unknown> | undefined;
  private readonly order = new KeyedQueue();
  private readonly reactions = new Limiter(reactionsMax);
  private wake: () => void = () => undefined;

  constructor(
    private readonly processes: readonly Process[],
    private readonly options: ProcessOptions,
  ) {}

  start(): void {
    this.running = Promise.all(this.processes.map((process) => this.run(process)));
  }

  /** Something was committed: look now rather than later. */
  nudge(): void {
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
  }

  private async run(process: Process): Promise<void> {
    while (!this.stopping)
      try {
        const worked = this.options.leads() && (await this.page(process));
        if (!worked) await this.idle();
      } catch (error) {
        this.options.onFailure(process.name, error);
        await wait(failureWaitMilliseconds);
      }
  }

  private async idle(): Promise<void> {
    await Promise.race([wait(idleMilliseconds), new Promise<void>((resolve) => (this.wake = resolve))]);
  }

  /**
   * Events of one stream in their order, those of different streams side by side.
   * @param held streams of this page with an event that failed: what comes behind it waits for it
   */
  private react(process: Process, event: LoggedEvent, held: Set<string>): Promise<void> {
    return this.order.run(`${process.name} ${event.stream}`, () =>
      this.reactions.run(async () => {
        if (this.stopping || held.has(event.stream)) return;
        try {
          const readable = this.readable(process, event);
          if (readable) await process.react(readable);
        } catch (error) {
          held.add(event.stream);
          throw error;
        }
      }),
    );
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
    const { pool } = this.options;
    const [after, { sequence: reached }] = await Promise.all([
      readProcessProgress(pool, process.name),
      readProgress(pool),
    ]);
    if (reached <= after) return false;
    const events = await readLogAfter(pool, after, pageEvents, process.types);
    const held = new Set<string>();
    await Promise.all(events.map((event) => this.react(process, event, held)));
    if (this.stopping) return false;
    // A page that is not full has seen everything up to where the log was when it was asked for.
    const last = events.length < pageEvents ? reached : (events.at(-1)?.sequence ?? reached);
    await writeProcessProgress(pool, process.name, last);
    return true;
  }
}
