import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, Pool, PoolClient } from 'pg';
import { BoundedMap } from '../bounded-map';
import { categoryOf, keyOf, StoredEvent } from '../event';
import { EventStore, storedEvent } from '../event-store.adapter';
import { EventTypes } from '../event-types';
import { decodeAll, isUndecodable } from './decoding';
import { foldOnto, hasCorrection, isFailure, isRow, refold } from './fold-rows';
import { AnyProjection, FoldedRow, FoldFailure, tableOf } from './projection';
import {
  advanceProgress,
  appendToLog,
  claimEpoch,
  LoggedEvent,
  loadRows,
  prepareTables,
  Progress,
  quarantine,
  readQuarantine,
  readStreams,
  writeRows,
} from './projection-store.adapter';
import { buildMissing } from './rebuild';

/**
 * Feeds all projections from one subscription.
 *
 * Guarantee: each event's effect on the tables, its place in `event_log` and the checkpoint are one transaction, which commits
 * only if nobody moved the checkpoint and nobody else took the lead meanwhile. So a crash anywhere neither repeats nor skips an
 * effect, and two workers that both believe they lead cannot both commit. An event that cannot be folded stops its key in that
 * projection and nothing else.
 */
const batchEventsMax = 2_000;
const waitingEventsMax = 8_000;
const rowsKept = 5_000;
const leadRetryMilliseconds = 500;
const failureWaitMilliseconds = 300;
const leadLock = `hashtextextended('casefold/projections', 0)`;

const ignore = (): void => undefined;

class Fenced extends Error {
  override readonly name = 'Fenced';
}

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
  private readonly rows = new Map<string, BoundedMap<string, object>>();
  private quarantined = new Set<string>();
  private interrupt: (() => void) | undefined;

  constructor(private readonly options: RunnerOptions) {
    super();
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
    this.rows.clear();
    this.quarantined = new Set(
      (await readQuarantine(this.options.pool)).map(({ projection, key }) => `${projection}\0${key}`),
    );
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
        progress = await Promise.race([this.commit(progress, waiting.splice(0, batchEventsMax)), lost]);
        this.emit('committed', progress);
      }
    } finally {
      this.interrupt = undefined;
      await subscription.unsubscribe().catch(() => undefined);
    }
  }

  private async commit(from: Progress, events: readonly StoredEvent[]): Promise<Progress> {
    const logged = events.map((event, index): LoggedEvent => ({ ...event, sequence: from.sequence + 1 + index }));
    const last = logged.at(-1);
    if (!last) return from;
    const client = await this.options.pool.connect();
    // A connection may break between two statements; the next one then fails. Unheard, the event would end the process.
    client.on('error', ignore);
    try {
      await client.query('begin');
      // The checkpoint first: its row is the lock that a rebuild's switch takes too, so that the two cannot wait for each other.
      if (!(await advanceProgress(client, from, last))) throw new Fenced('another worker has moved on');
      await appendToLog(client, logged);
      for (const projection of this.options.projections) await this.project(client, projection, logged);
      await client.query('commit');
      client.release();
      return { ...from, position: last.position, sequence: last.sequence };
    } catch (error) {
      // What was folded but not committed must not be built upon.
      this.rows.clear();
      await client.query('rollback').catch(() => undefined);
      client.release(error instanceof Error ? error : true);
      throw error;
    } finally {
      // The pool listens again from the release on.
      client.off('error', ignore);
    }
  }

  private async project(client: PoolClient, projection: AnyProjection, logged: readonly LoggedEvent[]): Promise<void> {
    const byKey = new Map<string, LoggedEvent[]>();
    for (const event of logged) {
      if (categoryOf(event.stream) !== projection.category) continue;
      const key = keyOf(event.stream);
      if (this.quarantined.has(`${projection.name}\0${key}`)) continue;
      const events = byKey.get(key);
      if (events) events.push(event);
      else byKey.set(key, [event]);
    }
    if (!byKey.size) return;
    const kept = this.keptRows(projection);
    const unknown = [...byKey]
      .filter(([key, [first]]) => first && first.revision > 0 && !kept.get(key))
      .map(([key]) => key);
    const loaded = unknown.length ? await loadRows(client, projection, unknown) : new Map<string, object>();
    const results: (FoldedRow | FoldFailure)[] = [];
    for (const [key, events] of byKey)
      results.push(await this.foldKey(client, projection, key, kept.get(key) ?? loaded.get(key) ?? null, events));
    const rows = results.filter(isRow);
    await writeRows(client, projection, rows);
    for (const { key, row } of rows)
      if (row) kept.set(key, row);
      else kept.delete(key);
    await this.setAside(client, projection, results.filter(isFailure));
  }

  private async foldKey(
    client: PoolClient,
    projection: AnyProjection,
    key: string,
    row: object | null,
    events: readonly LoggedEvent[],
  ): Promise<FoldedRow | FoldFailure> {
    const decoded = decodeAll(this.options.types, key, events);
    if (isUndecodable(decoded)) return decoded;
    if (!hasCorrection(projection, decoded)) return foldOnto(projection, key, row, decoded);
    const stream = decoded[0]?.event.stream ?? '';
    const history = decodeAll(this.options.types, key, await readStreams(client, [stream]));
    return isUndecodable(history) ? history : refold(projection, key, history);
  }

  private async setAside(client: PoolClient, { name }: AnyProjection, failures: readonly FoldFailure[]): Promise<void> {
    if (!failures.length) return;
    await quarantine(client, name, failures);
    for (const { key } of failures) this.quarantined.add(`${name}\0${key}`);
  }

  private keptRows(projection: AnyProjection): BoundedMap<string, object> {
    const table = tableOf(projection);
    const kept = this.rows.get(table) ?? new BoundedMap<string, object>(rowsKept);
    this.rows.set(table, kept);
    return kept;
  }
}
