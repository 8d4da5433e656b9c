import { ClientBase, Pool } from 'pg';
import { EventTypes } from '../event-types';
import { refoldSince, TableWriter } from './fold-streams';
import { AnyProjection, RebuildReport } from './projection';
import { countRows, createTable, dropTable, finishTable, readProgress } from './projection-store.adapter';
import { Building, Compared, TableComparison, RebuildOptions } from './building';
import { withConnection } from './connection.adapter';
import { cutParts, readParts } from './rebuild-parts.adapter';
import { beginRun, failuresOf, interruptedRun, RebuildRun, saveReached } from './rebuild-run.adapter';
import { scanAll } from './scan-threads.adapter';
import { builtTableOf, compareSettled, servingTable } from './switch.adapter';
import { switchTables } from './switch-tables';
import { inTransaction } from './transaction.adapter';

/**
 * Builds tables anew from the log's mirror, beside the ones that serve, and puts them in their place.
 *
 * Guarantee: after it every row is the fold of its whole history up to the checkpoint, and the switch is one transaction. A rebuild
 * that was interrupted goes on where it was. Readers wait for the renaming of tables only, a worker for the last few changes.
 */
const pageEventsUsual = 5_000;
const partEventsUsual = 20_000;
const catchUpEvents = 2_000;
const catchUpsMax = 20;
const rebuildLock = `hashtextextended('casefold/rebuild', 0)`;

/** Rebuilds projections and switches to the built tables. Runs beside a live worker; one rebuild at a time. */
export const rebuild = (
  pool: Pool,
  types: EventTypes,
  projections: readonly AnyProjection[],
  options: RebuildOptions,
): Promise<readonly RebuildReport[]> =>
  withConnection(pool, async (db) => {
    const lost = new AbortController();
    db.on('end', () => lost.abort(new Error('the connection that keeps other rebuilds away was lost')));
    // The lock ends with the connection.
    await db.query(`select pg_advisory_lock(${rebuildLock})`);
    const run = (await interruptedRun(db, projections, options.build)) ?? (await begin(db, projections, options));
    const failures = failuresOf(db, run.id);
    const writers = projections.map((each) => new TableWriter(db, failures, each, builtTableOf(each)));
    const building = { db, types, projections, run, options, writers };
    if (run.reached === null) await build(building, pool, lost.signal);
    const reached = await catchUp(building, run.reached ?? run.startedSequence);
    return switchTables(building, await compareAll(building, reached), reached);
  });

const begin = (
  db: ClientBase,
  projections: readonly AnyProjection[],
  { build, startedBy, partEvents = partEventsUsual }: RebuildOptions,
): Promise<RebuildRun> =>
  inTransaction(db, async () => {
    // First what a page's transaction begins with too, so that the two cannot wait for each other.
    const run = await beginRun(db, projections, build, startedBy);
    for (const projection of projections) {
      await dropTable(db, builtTableOf(projection));
      await createTable(db, projection, builtTableOf(projection));
    }
    await cutParts(db, run.id, run.startedSequence, partEvents);
    return run;
  });

/** Rows first, keys and indexes when all are there: one sort is cheaper than a million insertions. */
const build = async (
  { db, types, projections, run, options }: Building,
  pool: Pool,
  lost: AbortSignal,
): Promise<void> => {
  const { sequence: total } = await readProgress(db);
  const parts = await readParts(db, run.id);
  let done = parts.reduce((sum, { events }) => sum + events, 0);
  const onEvents = (events: number): void => {
    done += events;
    options.onProgress?.(done, Math.max(done, total));
  };
  const { pageEvents = pageEventsUsual, threads, signal } = options;
  const task = { run: run.id, parts, pageEvents };
  const watching = { signal: AbortSignal.any(signal ? [signal, lost] : [lost]), onEvents };
  await scanAll(pool, task, { types, projections }, threads, watching);
  for (const projection of projections)
    await inTransaction(db, () => finishTable(db, projection, builtTableOf(projection)));
  await saveReached(db, run, run.startedSequence);
};

/** Folds again what has changed, until little is left for the switch. @returns sequence up to which the built tables are complete */
const catchUp = async ({ db, types, writers, run, options }: Building, from: number): Promise<number> => {
  let reached = from;
  for (let rounds = 0; rounds < catchUpsMax; rounds++) {
    options.signal?.throwIfAborted();
    const { sequence } = await readProgress(db);
    if (sequence - reached < (rounds ? catchUpEvents : 1)) break;
    await options.prepare?.();
    await inTransaction(db, async () => {
      await refoldSince(db, types, writers, reached);
      await saveReached(db, run, sequence);
    });
    reached = sequence;
  }
  return reached;
};

const compareAll = async ({ db, projections }: Building, reached: number): Promise<Compared> => {
  const compared = new Map<AnyProjection, TableComparison>();
  for (const projection of projections) {
    const [built, serving] = [builtTableOf(projection), await servingTable(db, projection)];
    const comparison = serving
      ? await compareSettled(db, projection, serving, built, reached)
      : { differing: 0, samples: [] };
    compared.set(projection, { rows: await countRows(db, built), comparison });
  }
  return compared;
};
