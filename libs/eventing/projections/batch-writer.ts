import { setImmediate as turn } from 'node:timers/promises';
import { Pool, PoolClient } from 'pg';
import { BoundedMap } from '../bounded-map';
import { byStream } from '../by-stream';
import { categoryOf, keyOf, StoredEvent } from '../event';
import { EventTypes } from '../event-types';
import { copyRows, rowLines } from './copy-rows.adapter';
import { decode, Decoded } from './decoding';
import { foldOnto, FoldResult, hasCorrection, refold } from './fold-rows';
import { LoggedEvent, mirrored } from './mirror';
import { AnyProjection, tableOf } from './projection';
import { advanceProgress, appendToLog, loadRows, Progress, readStreams, writeRows } from './projection-store.adapter';
import { quarantine, quarantinedKeys } from './quarantine.adapter';

/**
 * Folds batches of the log into the tables of all projections. While the database writes one batch the next may be folded.
 *
 * Guarantee: a batch's rows, its copies in `event_log` and the checkpoint are one transaction, which commits only on the very
 * checkpoint and epoch that it started from. An event that cannot be folded stops its key in that projection and nothing else.
 */
const rowsKept = 5_000;
// Below it a copy's one message more and less cancel out.
const copyRowsMin = 50;
// The database's answers are heard between so many keys.
const keysPerTurn = 50;
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
  private last: Promise<unknown>;

  /** @param before what must have succeeded before the first statement is sent */
  constructor(before: Promise<unknown>) {
    this.last = before;
  }

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

/** What one who leads knows of the tables, batches that are not committed yet included. */
class Known {
  /** Rows by table. */
  readonly rows = new Map<string, BoundedMap<string, object>>();
  readonly quarantined = new Map<AnyProjection, Set<string>>();
  /** The last batch of all that are on their way. */
  written: Promise<unknown> = Promise.resolve();

  rowsOf(projection: AnyProjection): BoundedMap<string, object> {
    const table = tableOf(projection);
    const kept = this.rows.get(table) ?? new BoundedMap<string, object>(rowsKept);
    this.rows.set(table, kept);
    return kept;
  }
}

/** A batch that is folded and on its way into the database. */
export interface FoldedBatch {
  /** Where the checkpoint is once it is there. */
  readonly to: Progress;
  /** @throws Fenced, or why else it is not there */
  readonly committed: Promise<void>;
}

/** One transaction and what is known while it is put together. */
interface Batch {
  readonly client: PoolClient;
  readonly statements: Statements;
  readonly known: Known;
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
  private known = new Known();

  constructor(
    private readonly pool: Pool,
    private readonly types: EventTypes,
    private readonly projections: readonly AnyProjection[],
    private readonly prepare?: Prepare,
  ) {}

  /** Begins anew after a batch that failed, or when somebody else may have written. What is still on its way is not built upon. */
  async refresh(): Promise<void> {
    const known = new Known();
    for (const projection of this.projections)
      known.quarantined.set(projection, new Set(await quarantinedKeys(this.pool, projection)));
    this.known = known;
  }

  /**
   * Folds a batch onto what was folded before it, committed or not; it is committed only if all of that is.
   * @throws whatever keeps it from being folded
   */
  async fold(from: Progress, events: readonly StoredEvent[]): Promise<FoldedBatch> {
    const { known } = this;
    await this.prepare?.(events);
    const copies = events.map((event, index) => mirrored(event, from.sequence + 1 + index));
    const logged = copies.map(({ event }) => event);
    const last = logged.at(-1);
    if (!last) return { to: from, committed: Promise.resolve() };
    const client = await this.pool.connect();
    // A connection may break between two statements; the next one then fails. Unheard, the event would end the process.
    client.on('error', ignore);
    const batch: Batch = { client, known, statements: new Statements(known.written) };
    const { statements } = batch;
    // A worker that stands still in the middle of a batch must not keep the checkpoint from its successor.
    void statements.send(() =>
      client.query(`begin; set local idle_in_transaction_session_timeout = ${standstillMillisecondsMax}`),
    );
    // The checkpoint first: its row is the lock that a rebuild's switch takes too, so that the two cannot wait for each other.
    void statements.send(() => this.moveCheckpoint(client, from, last));
    void statements.send(() => appendToLog(client, copies));
    const folding = this.foldAll(batch, logged);
    const committed = this.commit(batch, folding);
    known.written = committed;
    // Whoever waits for the batch hears it; the batch behind it only needs not to be sent.
    committed.catch(ignore);
    await folding.catch(() => committed);
    return { to: { ...from, position: last.position, sequence: last.sequence }, committed };
  }

  private async foldAll(batch: Batch, logged: readonly LoggedEvent[]): Promise<void> {
    const portions = this.portionsOf(logged);
    for (const projection of this.projections) await this.project(batch, projection, portions.get(projection.category));
  }

  private async commit({ client, statements }: Batch, folding: Promise<void>): Promise<void> {
    try {
      await folding;
      await statements.done();
      await client.query('commit');
      client.release();
    } catch (error) {
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
    batch: Batch,
    projection: AnyProjection,
    portions: ReadonlyMap<string, Portion> | undefined,
  ): Promise<void> {
    const { client, statements, known } = batch;
    const stopped = known.quarantined.get(projection);
    const going = [...(portions ?? [])].filter(([key]) => !stopped?.has(key));
    if (!going.length) return;
    const kept = known.rowsOf(projection);
    const unknown = going.flatMap(([key, { startsStream }]) => (startsStream || kept.get(key) ? [] : [key]));
    const loaded = unknown.length
      ? await statements.send(() => loadRows(client, projection, unknown))
      : new Map<string, object>();
    const results: FoldResult[] = [];
    for (const [key, portion] of going) {
      results.push(await this.foldKey(batch, projection, key, kept.get(key) ?? loaded.get(key) ?? null, portion));
      if (results.length % keysPerTurn === 0) await turn();
    }
    const rows = results.flatMap(({ row }) => row ?? []);
    const first = new Set(going.flatMap(([key, portion]) => (startsRow(portion) ? [key] : [])));
    if (first.size < copyRowsMin) void statements.send(() => writeRows(client, projection, rows));
    else {
      const [fresh, others] = parted(rows, ({ key }) => first.has(key));
      const lines = rowLines(projection, fresh);
      void statements.send(() => copyRows(client, projection, lines, tableOf(projection)));
      void statements.send(() => writeRows(client, projection, others));
    }
    for (const { key, row } of rows)
      if (row) kept.set(key, row);
      else kept.delete(key);
    this.setAside(batch, projection, results);
  }

  private async foldKey(
    { client, statements }: Batch,
    projection: AnyProjection,
    key: string,
    row: object | null,
    { stream, decoded }: Portion,
  ): Promise<FoldResult> {
    if (!hasCorrection(projection, decoded.events)) return foldOnto(projection, key, row, decoded);
    return refold(projection, key, decode(this.types, await statements.send(() => readStreams(client, [stream]))));
  }

  private setAside(
    { client, statements, known }: Batch,
    projection: AnyProjection,
    results: readonly FoldResult[],
  ): void {
    const failures = results.flatMap(({ failure }) => failure ?? []);
    if (!failures.length) return;
    void statements.send(() => quarantine(client, projection, failures));
    for (const { key } of failures) known.quarantined.get(projection)?.add(key);
  }
}
