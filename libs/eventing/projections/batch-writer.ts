import { Pool, PoolClient } from 'pg';
import { BoundedMap } from '../bounded-map';
import { byStream } from '../by-stream';
import { categoryOf, keyOf, StoredEvent } from '../event';
import { EventTypes } from '../event-types';
import { copyRows } from './copy-rows.adapter';
import { decode, Decoded } from './decoding';
import { foldOnto, FoldResult, hasCorrection, refold } from './fold-rows';
import { LoggedEvent, mirrored } from './mirror';
import { AnyProjection, tableOf } from './projection';
import { advanceProgress, appendToLog, loadRows, Progress, readStreams, writeRows } from './projection-store.adapter';
import { quarantine, quarantinedKeys } from './quarantine.adapter';

/**
 * Folds batches of the log into the tables of all projections.
 *
 * Guarantee: a batch's rows, its copies in `event_log` and the checkpoint are one transaction, which commits only on the very
 * checkpoint and epoch that it started from. An event that cannot be folded stops its key in that projection and nothing else.
 */
const rowsKept = 5_000;
// Below it a copy's one message more and less cancel out.
const copyRowsMin = 50;
const standstillMillisecondsMax = 5_000;

const ignore = (): void => undefined;

/** Of what others have written nobody knows when it was. */
const instantOf = (recordedAt: unknown): string | undefined =>
  typeof recordedAt === 'string' && Number.isFinite(Date.parse(recordedAt)) ? recordedAt : undefined;

/** Another worker has moved the checkpoint or taken the lead: what this one has folded must not be committed. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

/** Makes known what folds of some events look up. */
export type Prepare = (events: readonly StoredEvent[]) => Promise<void>;

/**
 * Statements of one transaction, one after the other: the database works on them while the next projection is folded. After one that
 * failed no other is sent.
 */
class Statements {
  private last: Promise<unknown> = Promise.resolve();

  send<T>(statement: () => Promise<T>): Promise<T> {
    const sent = this.last.then(statement);
    sent.catch(ignore);
    this.last = sent;
    return sent;
  }

  /** @throws what the first statement that failed did */
  async done(): Promise<void> {
    await this.last;
  }
}

/** The events of one key in a batch. */
interface Portion {
  readonly stream: string;
  readonly startsStream: boolean;
  readonly decoded: Decoded;
}

/** Two streams whose names the mirror cannot tell apart share a row. */
const startsRow = ({ startsStream, stream }: Portion): boolean => startsStream && !stream.includes('\uFFFD');

const parted = <T>(all: readonly T[], isWanted: (each: T) => boolean): readonly [readonly T[], readonly T[]] => [
  all.filter(isWanted),
  all.filter((each) => !isWanted(each)),
];

export class BatchWriter {
  private readonly rows = new Map<string, BoundedMap<string, object>>();
  private readonly quarantined = new Map<AnyProjection, Set<string>>();

  constructor(
    private readonly pool: Pool,
    private readonly types: EventTypes,
    private readonly projections: readonly AnyProjection[],
    private readonly prepare?: Prepare,
  ) {}

  /** Forgets what may have changed while somebody else wrote. */
  async refresh(): Promise<void> {
    this.rows.clear();
    for (const projection of this.projections)
      this.quarantined.set(projection, new Set(await quarantinedKeys(this.pool, projection)));
  }

  /** @throws Fenced */
  async commit(from: Progress, events: readonly StoredEvent[]): Promise<Progress> {
    await this.prepare?.(events);
    const copies = events.map((event, index) => mirrored(event, from.sequence + 1 + index));
    const logged = copies.map(({ event }) => event);
    const last = logged.at(-1);
    if (!last) return from;
    const client = await this.pool.connect();
    // A connection may break between two statements; the next one then fails. Unheard, the event would end the process.
    client.on('error', ignore);
    const statements = new Statements();
    try {
      // A worker that stands still in the middle of a batch must not keep the checkpoint from its successor.
      void statements.send(() =>
        client.query(`begin; set local idle_in_transaction_session_timeout = ${standstillMillisecondsMax}`),
      );
      // The checkpoint first: its row is the lock that a rebuild's switch takes too, so that the two cannot wait for each other.
      void statements.send(() => this.moveCheckpoint(client, from, last));
      void statements.send(() => appendToLog(client, copies));
      const portions = this.portionsOf(logged);
      for (const projection of this.projections)
        await this.project(client, projection, portions.get(projection.category), statements);
      await statements.done();
      await client.query('commit');
      client.release();
      return { ...from, position: last.position, sequence: last.sequence };
    } catch (error) {
      // What was folded but not committed must not be built upon.
      this.rows.clear();
      const first = await statements.done().then(
        () => error,
        (failure: unknown) => failure,
      );
      await client.query('rollback').catch(ignore);
      client.release(first instanceof Error ? first : true);
      throw first;
    } finally {
      // The pool listens again from the release on.
      client.off('error', ignore);
    }
  }

  private async moveCheckpoint(client: PoolClient, from: Progress, to: LoggedEvent): Promise<void> {
    const recordedAt = instantOf(to.metadata.recordedAt);
    const { position, sequence } = to;
    if (!(await advanceProgress(client, from, { position, sequence, recordedAt })))
      throw new Fenced('another worker has moved on');
  }

  /** Every event is decoded once, however many projections fold it. */
  private portionsOf(logged: readonly LoggedEvent[]): ReadonlyMap<string, ReadonlyMap<string, Portion>> {
    const categories = new Map<string, Map<string, Portion>>();
    for (const [stream, events] of byStream(logged)) {
      const category = categoryOf(stream);
      const keys = categories.get(category) ?? new Map<string, Portion>();
      categories.set(category, keys);
      const startsStream = events[0]?.revision === 0;
      keys.set(keyOf(stream), { stream, startsStream, decoded: decode(this.types, events) });
    }
    return categories;
  }

  private async project(
    client: PoolClient,
    projection: AnyProjection,
    portions: ReadonlyMap<string, Portion> | undefined,
    statements: Statements,
  ): Promise<void> {
    const stopped = this.quarantined.get(projection);
    const going = [...(portions ?? [])].filter(([key]) => !stopped?.has(key));
    if (!going.length) return;
    const kept = this.keptRows(projection);
    const unknown = going.flatMap(([key, { startsStream }]) => (startsStream || kept.get(key) ? [] : [key]));
    const loaded = unknown.length
      ? await statements.send(() => loadRows(client, projection, unknown))
      : new Map<string, object>();
    const results: FoldResult[] = [];
    for (const [key, portion] of going)
      results.push(
        await this.foldKey(client, statements, projection, key, kept.get(key) ?? loaded.get(key) ?? null, portion),
      );
    const rows = results.flatMap(({ row }) => row ?? []);
    const first = new Set(going.flatMap(([key, portion]) => (startsRow(portion) ? [key] : [])));
    if (first.size < copyRowsMin) void statements.send(() => writeRows(client, projection, rows));
    else {
      const [fresh, others] = parted(rows, ({ key }) => first.has(key));
      void statements.send(() => copyRows(client, projection, fresh, tableOf(projection)));
      void statements.send(() => writeRows(client, projection, others));
    }
    for (const { key, row } of rows)
      if (row) kept.set(key, row);
      else kept.delete(key);
    this.setAside(client, projection, results, statements);
  }

  private async foldKey(
    client: PoolClient,
    statements: Statements,
    projection: AnyProjection,
    key: string,
    row: object | null,
    { stream, decoded }: Portion,
  ): Promise<FoldResult> {
    if (!hasCorrection(projection, decoded.events)) return foldOnto(projection, key, row, decoded);
    return refold(projection, key, decode(this.types, await statements.send(() => readStreams(client, [stream]))));
  }

  private setAside(
    client: PoolClient,
    projection: AnyProjection,
    results: readonly FoldResult[],
    statements: Statements,
  ): void {
    const failures = results.flatMap(({ failure }) => failure ?? []);
    if (!failures.length) return;
    void statements.send(() => quarantine(client, projection, failures));
    for (const { key } of failures) this.quarantined.get(projection)?.add(key);
  }

  private keptRows(projection: AnyProjection): BoundedMap<string, object> {
    const table = tableOf(projection);
    const kept = this.rows.get(table) ?? new BoundedMap<string, object>(rowsKept);
    this.rows.set(table, kept);
    return kept;
  }
}
