import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { StoredEvent } from '../event';
import { EventStore, storedEvent } from '../event-store.adapter';
import { EventTypes } from '../event-types';
import { BatchWriter, Fenced } from './batch-writer';
import { AnyProjection } from './projection';
import { claimEpoch, prepareTables, Progress } from './projection-store.adapter';
import { buildMissing } from './rebuild';

/**
 * Feeds all projections from one subscription.
 *
 * Guarantee: a crash anywhere neither repeats nor skips an effect, and of two workers that both believe they lead only the newer can
 * commit: see `BatchWriter`, whose every transaction is fenced by the epoch that taking the lead has raised.
 */
const batchEventsMax = 2_000;
const waitingEventsMax = 8_000;
const leadRetryMilliseconds = 500;
const failureWaitMilliseconds = 300;
const leadLock = `hashtextextended('casefold/projections', 0)`;

export interface RunnerOptions {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly types: EventTypes;
  readonly projections: readonly AnyProjection[];
  /** What is followed and mirrored: what projections fold, and what else processes react to. */
  readonly categories: readonly string[];
  readonly onFailure: (error: unknown) => void;
}

export class ProjectionRunner extends EventEmitter<{ committed: [Progress] }> {
  private stopping = false;
  private leading = false;
  private running: Promise<void> | undefined;
  private readonly writer: BatchWriter;
  private interrupt: (() => void) | undefined;

  constructor(private readonly options: RunnerOptions) {
    super();
    this.writer = new BatchWriter(options.pool, options.types, options.projections);
  }

  get leads(): boolean {
    return this.leading;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.interrupt?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping)
      try {
        await this.lead();
      } catch (error) {
        if (!this.stopping && !(error instanceof Fenced)) this.options.onFailure(error);
        if (!this.stopping) await wait(failureWaitMilliseconds);
      }
  }

  /** Holds the lead on a connection of its own for as long as that connection lives. */
  private async lead(): Promise<void> {
    const client = new Client(this.options.pool.options);
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection that holds the lead has ended')));
    });
    lost.catch(() => undefined);
    try {
      await client.connect();
      await prepareTables(client);
      while (!(await this.tryLock(client))) {
        if (this.stopping) return;
        await wait(leadRetryMilliseconds);
      }
      await buildMissing(client, this.options.types, this.options.projections);
      this.leading = true;
      await this.follow(await claimEpoch(client), lost);
    } finally {
      this.leading = false;
      await client.end().catch(() => undefined);
    }
  }

  private async tryLock(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>(`select pg_try_advisory_lock(${leadLock}) as locked`);
    return rows[0]?.locked === true;
  }

  private async follow(from: Progress, lost: Promise<never>): Promise<void> {
    await this.writer.refresh();
    const subscription = this.options.store.subscribe(
      this.options.categories,
      from.position < 0n ? undefined : from.position,
    );
    const waiting: StoredEvent[] = [];
    let signal: () => void = () => undefined;
    let progress = from;
    const reading = (async () => {
      for await (const resolved of subscription) {
        const event = storedEvent(resolved);
        if (event) waiting.push(event);
        signal();
        // Not asking for more is what holds the sender back.
        while (waiting.length >= waitingEventsMax) await wait(5);
      }
      throw new Error('the subscription has ended');
    })();
    reading.catch(() => signal());
    const stopped = new Promise<'stopped'>((resolve) => {
      this.interrupt = () => {
        resolve('stopped');
        signal();
      };
    });
    try {
      if (this.stopping) return;
      for (;;) {
        if (!waiting.length) {
          const arrived = new Promise<void>((resolve) => (signal = resolve));
          if ((await Promise.race([arrived, reading, lost, stopped])) === 'stopped') return;
          if (!waiting.length) continue;
        }
        if (this.stopping) return;
        progress = await Promise.race([this.writer.commit(progress, waiting.splice(0, batchEventsMax)), lost]);
        this.emit('committed', progress);
      }
    } finally {
      this.interrupt = undefined;
      await subscription.unsubscribe().catch(() => undefined);
    }
  }
}
