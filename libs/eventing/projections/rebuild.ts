import { ClientBase, Pool } from 'pg';
import { EventTypes } from '../event-types';
import { refoldSince, TableWriter } from './fold-streams';
import { AnyProjection, RebuildReport } from './projection';
import {
  addKey,
  analyzeTable,
  countRows,
  createIndexes,
  createTable,
  dropTable,
  readProgress,
} from './projection-store.adapter';
import { Building, Compared, TableComparison, RebuildOptions } from './building';
import { withConnection } from './connection.adapter';
import { beginRun, failuresOf, interruptedRun, RebuildRun, saveReached } from './rebuild-run.adapter';
import { scanMirror } from './scan-mirror';
import { builtTableOf, compareSettled, servingTable } from './switch.adapter';
import { switchTables } from './switch-tables';
import { inTransaction } from './transaction.adapter';

/**
 * Builds tables anew from the log's mirror, beside the ones that serve, and puts them in their place.
 *
 * Guarantee: after it every row is the fold of its whole history up to the checkpoint, and the switch is one transaction. A rebuild
 * that was interrupted goes on where it was. Readers wait for the renaming of tables only, a worker for the last few changes.
 */
const pageEventsUsual = 2_500;
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
    // The lock ends with the connection.
    await db.query(`select pg_advisory_lock(${rebuildLock})`);
    const run = (await interruptedRun(db, projections, options.build)) ?? (await begin(db, projections, options));
    const building = { db, types, projections, run, options, writers: writersOf(db, projections, run, 'upsert') };
    if (run.reached === null) await withConnection(pool, (reader) => build(building, reader));
    const reached = await catchUp(building, run.reached ?? run.startedSequence);
    return switchTables(building, await compareAll(building, reached), reached);
  });

const writersOf = (
  db: ClientBase,
  projections: readonly AnyProjection[],
  run: RebuildRun,
  mode: 'copy' | 'upsert',
): readonly TableWriter[] => {
  const failures = failuresOf(db, run);
  return projections.map((each) => new TableWriter(db, failures, each, builtTableOf(each), mode));
};

const begin = (
  db: ClientBase,
  projections: readonly AnyProjection[],
  { build, startedBy }: RebuildOptions,
): Promise<RebuildRun> =>
  inTransaction(db, async () => {
    for (const projection of projections) {
      await dropTable(db, builtTableOf(projection));
      await createTable(db, projection, builtTableOf(projection), 'without key');
    }
    return beginRun(db, projections, build, startedBy);
  });

/** Rows first, keys and indexes when all are there: one sort is cheaper than a million insertions. */
const build = async ({ db, types, projections, run, options }: Building, reader: ClientBase): Promise<void> => {
  const { sequence: total } = await readProgress(db);
  const onPage = (events: number): void => {
    options.signal?.throwIfAborted();
    options.onProgress?.(events, Math.max(events, total));
  };
  const { pageEvents = pageEventsUsual } = options;
  await scanMirror({ db, reader, types, writers: writersOf(db, projections, run, 'copy'), pageEvents, onPage }, run);
  await inTransaction(db, async () => {
    for (const projection of projections) {
      const table = builtTableOf(projection);
      await addKey(db, table);
      await createIndexes(db, projection, table);
      await analyzeTable(db, table);
    }
    await saveReached(db, run, run.startedSequence);
  });
};

/** Folds again what has changed, until little is left for the switch. @returns sequence up to which the built tables are complete */
const catchUp = async ({ db, types, writers, run, options }: Building, from: number): Promise<number> => {
  let reached = from;
  for (let rounds = 0; rounds < catchUpsMax; rounds++) {
    options.signal?.throwIfAborted();
    const { sequence } = await readProgress(db);
    if (sequence - reached < (rounds ? catchUpEvents : 1)) break;
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
