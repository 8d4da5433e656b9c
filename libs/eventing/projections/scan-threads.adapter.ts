import { Pool } from 'pg';
import { EventTypes } from '../event-types';
import { answer, inThreads } from '../workers/threads.adapter';
import { plainOf, Reachable, withConnection } from './connection.adapter';
import { TableWriter } from './fold-streams';
import { AnyProjection, tableOf } from './projection';
import { RebuildPart } from './rebuild-parts.adapter';
import { failuresOf } from './rebuild-run.adapter';
import { scanParts } from './scan-parts';
import { builtTableOf } from './switch.adapter';

/** Parts of the mirror, scanned side by side by threads that each have connections of their own, or one after the other by this one. */
export interface ScanThreads {
  readonly count: number;
  /** A compiled file that calls `scanAsThread`. */
  readonly program: string;
  /** What folds of a thread are to know besides, as plain data. */
  readonly given?: unknown;
}

/** What all who scan are told. */
interface ScanTask {
  /** Id of the rebuild. */
  readonly run: string;
  readonly parts: readonly RebuildPart[];
  readonly pageEvents: number;
}

/** What folds. */
interface Folding {
  readonly types: EventTypes;
  readonly projections: readonly AnyProjection[];
}

interface ThreadTask extends ScanTask {
  readonly database: Reachable;
  readonly tables: readonly string[];
  /** Holds the place of the next part that nobody has taken; shared. */
  readonly turns: Int32Array;
  readonly given: unknown;
}

interface Watching {
  readonly signal: AbortSignal;
  /** @param events how many more have been folded */
  readonly onEvents: (events: number) => void;
}

/** @throws what a scan threw, or the signal's reason */
export const scanAll = async (
  pool: Pool,
  task: ScanTask,
  folding: Folding,
  threads: ScanThreads | undefined,
  watching: Watching,
): Promise<void> => {
  const count = Math.min(threads?.count ?? 1, task.parts.length);
  const turns = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  if (!threads || count === 1) return scan(pool, task, folding, turns, watching);
  const { program, given } = threads;
  const part: ThreadTask = { ...task, turns, given, database: plainOf(pool), tables: folding.projections.map(tableOf) };
  const { signal, onEvents: onNote } = watching;
  await inThreads<ThreadTask, number, void>(
    program,
    Array.from({ length: count }, () => part),
    { signal, onNote },
  );
};

/** For a thread's program. @param foldingOf what folds, once what was given is known */
export const scanAsThread = <Given>(foldingOf: (given: Given) => Folding): Promise<void> =>
  answer<ThreadTask, number, void>((task, onEvents) => {
    const { types, projections } = foldingOf(task.given as Given);
    const named = projections.filter((each) => task.tables.includes(tableOf(each)));
    const { signal } = new AbortController();
    return scan(task.database, task, { types, projections: named }, task.turns, { signal, onEvents });
  });

const scan = (
  database: Reachable,
  { run, parts, pageEvents }: ScanTask,
  { types, projections }: Folding,
  turns: Int32Array,
  { signal, onEvents }: Watching,
): Promise<void> =>
  withConnection(database, (db) =>
    withConnection(database, (reader) => {
      const failures = failuresOf(db, run);
      const writers = projections.map((each) => new TableWriter(db, failures, each, builtTableOf(each), 'copy'));
      const onPage = (events: number): void => {
        onEvents(events);
        signal.throwIfAborted();
      };
      return scanParts({ run, db, reader, types, writers, pageEvents, onPage }, parts, () => Atomics.add(turns, 0, 1));
    }),
  );
