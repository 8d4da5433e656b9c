import { Pool, PoolClient } from 'pg';
import { byStream } from '../by-stream';
import { categoryOf, keyOf, StoredEvent } from '../event';
import { EventTypes } from '../event-types';
import { isInstant } from '../instants';
import { Turns } from '../turns';
import { addRow, copyRows, CopyText } from './copy-rows.adapter';
import { decode } from './decoding';
import { foldOnto, FoldResult, hasCorrection, refold } from './fold-rows';
import { KnownRows, Portion, Portions, startsRow } from './known-rows';
import { LoggedEvent, mirrored, MirroredEvent } from './mirror';
import { AnyProjection, tableOf } from './projection';
import {
  advanceProgress,
  appendToLog,
  loadRows,
  loadRowsOf,
  Progress,
  readStreams,
  RowsOf,
  writeBatch,
  writeRows,
} from './projection-store.adapter';
import { quarantine, quarantinedKeys } from './quarantine.adapter';
import { Statements } from './statements';

/**
 * Folds batches of the log into the tables of all projections. While the database writes one batch the next may be folded.
 *
 * Guarantee: a batch's rows, its copies in `event_log` and the checkpoint are one transaction, which commits only on the very
 * checkpoint and epoch that it started from. An event that cannot be folded stops its key in that projection and nothing else.
 */
// Below it a copy's one message more and less cancel out.
const copyRowsMin = 50;
// A batch up to this size is one statement where it can be: what it costs then is the way there and back.
const atOnceEventsMax = 200;
const standstillMillisecondsMax = 5_000;

const ignore = (): void => undefined;

const checkpointAt = ({ position, sequence, metadata: { recordedAt } }: LoggedEvent) => ({
  ...{ position, sequence },
  // Of what others have written nobody knows when it was.
  recordedAt: isInstant(recordedAt) ? recordedAt : undefined,
});

/** Another worker has moved the checkpoint or taken the lead: what this one has folded must not be committed. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

/** Makes known what folds of some events look up. */
export type Prepare = (events: readonly StoredEvent[]) => Promise<void>;

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
  readonly known: KnownRows;
}

const parted = <T>(all: readonly T[], isWanted: (each: T) => boolean): readonly [readonly T[], readonly T[]] => [
  all.filter(isWanted),
  all.filter((each) => !isWanted(each)),
];

export class BatchWriter {
  private known = new KnownRows();

  constructor(
    private readonly pool: Pool,
    private readonly types: EventTypes,
    private readonly projections: readonly AnyProjection[],
    private readonly prepare?: Prepare,
  ) {}

  /** Begins anew after a batch that failed, or when somebody else may have written. What is still on its way is not built upon. */
  async refresh(): Promise<void> {
    const known = new KnownRows();
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
    const to = { ...from, position: last.position, sequence: last.sequence };
    const portions = this.portionsOf(logged);
    const rows = events.length <= atOnceEventsMax ? await this.foldRows(known, portions) : undefined;
    const { committed } = rows
      ? { committed: known.written.then(() => this.writeAtOnce(from, last, copies, rows)) }
      : await this.foldInTransaction(known, from, last, copies, portions);
    known.written = committed;
    // Whoever waits for the batch hears it; the batch behind it only needs not to be sent.
    committed.catch(ignore);
    return { to, committed };
  }

  /**
   * Folds what ends in rows and nothing else.
   * @returns undefined, and nothing is known then that was not before, when a history must be read or a key set aside or dropped
   */
  private async foldRows(known: KnownRows, portions: Portions): Promise<readonly RowsOf[] | undefined> {
    const going = this.projections.flatMap((projection) => {
      const own = known.goingOn(projection, portions.get(projection.category));
      return own.length ? [{ projection, own }] : [];
    });
    if (going.some(({ projection, own }) => own.some(([, { decoded }]) => hasCorrection(projection, decoded.events))))
      return undefined;
    const unknown = going.map(({ projection, own }) => ({ projection, keys: known.unknownAmong(projection, own) }));
    // A row that is not remembered may have been dropped by a batch that is still on its way.
    if (unknown.some(({ keys }) => keys.length)) await known.written;
    const loaded = await loadRowsOf(this.pool, unknown);
    const folded: RowsOf[] = [];
    const turns = new Turns();
    for (const [place, { projection, own }] of going.entries()) {
      const kept = known.rowsOf(projection);
      const results = own.map(([key, { decoded }]) =>
        foldOnto(projection, key, kept.get(key) ?? loaded[place]?.get(key) ?? null, decoded),
      );
      if (results.some(({ row, failure }) => failure !== undefined || row?.row === null)) return undefined;
      folded.push({ projection, rows: results.flatMap(({ row }) => row ?? []) });
      await turns.pass();
    }
    for (const { projection, rows } of folded) known.keep(projection, rows);
    return folded;
  }

  private async writeAtOnce(
    from: Progress,
    last: LoggedEvent,
    copies: readonly MirroredEvent[],
    rows: readonly RowsOf[],
  ): Promise<void> {
    if (!(await writeBatch(this.pool, from, checkpointAt(last), copies, rows)))
      throw new Fenced('another worker has moved on');
  }

  /** Resolves when it is folded. */
  private async foldInTransaction(
    known: KnownRows,
    from: Progress,
    last: LoggedEvent,
    copies: readonly MirroredEvent[],
    portions: Portions,
  ): Promise<{ readonly committed: Promise<void> }> {
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
    const folding = this.foldAll(batch, portions);
    const committed = this.commit(batch, folding);
    committed.catch(ignore);
    await folding.catch(() => committed);
    return { committed };
  }

  private async foldAll(batch: Batch, portions: Portions): Promise<void> {
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
    if (!(await advanceProgress(client, from, checkpointAt(to)))) throw new Fenced('another worker has moved on');
  }

  /** Every event is decoded once, however many projections fold it. */
  private portionsOf(logged: readonly LoggedEvent[]): Portions {
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
    const going = known.goingOn(projection, portions);
    if (!going.length) return;
    const kept = known.rowsOf(projection);
    const unknown = known.unknownAmong(projection, going);
    const loaded = unknown.length
      ? await statements.send(() => loadRows(client, projection, unknown))
      : new Map<string, object>();
    const results: FoldResult[] = [];
    // The database's answers are heard meanwhile.
    const turns = new Turns();
    for (const [key, portion] of going) {
      results.push(await this.foldKey(batch, projection, key, kept.get(key) ?? loaded.get(key) ?? null, portion));
      await turns.pass();
    }
    const rows = results.flatMap(({ row }) => row ?? []);
    const first = new Set(going.flatMap(([key, portion]) => (startsRow(portion) ? [key] : [])));
    if (first.size < copyRowsMin) void statements.send(() => writeRows(client, projection, rows));
    else {
      const [fresh, others] = parted(rows, ({ key }) => first.has(key));
      const text = new CopyText();
      for (const row of fresh) addRow(text, projection, row);
      void statements.send(() => copyRows(client, projection, text, tableOf(projection)));
      void statements.send(() => writeRows(client, projection, others));
    }
    known.keep(projection, rows);
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
