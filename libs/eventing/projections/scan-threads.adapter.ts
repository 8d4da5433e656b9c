import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ClientConfig, Pool } from 'pg';
import { EventTypes } from '../event-types';
import { withConnection } from './connection.adapter';
import { TableWriter } from './fold-streams';
import { AnyProjection, tableOf } from './projection';
import { RebuildPart } from './rebuild-parts.adapter';
import { failuresOf } from './rebuild-run.adapter';
import { Scan, scanParts } from './scan-parts';
import { builtTableOf } from './switch.adapter';

/**
 * Parts of the mirror scanned side by side, each by a thread with connections of its own, or one after the other by this one.
 *
 * Guarantee: when it ends, in whichever way, no scan is under way any more.
 */
export interface ScanThreads {
  readonly count: number;
  /** What a thread runs: it calls `scanAsThread` with the types and projections of its build. */
  readonly script: string;
  /** What the folds of a thread need to know besides; what structured cloning lets through. */
  readonly given: unknown;
}

/** What all who scan are told. */
export interface ScanTask {
  readonly connection: ClientConfig;
  readonly run: string;
  readonly projections: readonly AnyProjection[];
  readonly types: EventTypes;
  readonly parts: readonly RebuildPart[];
  readonly pageEvents: number;
}

/** Names instead of what cannot be cloned. */
export interface ThreadTask<Given = unknown> extends Omit<ScanTask, 'projections' | 'types'> {
  readonly tables: readonly string[];
  readonly turns: Turns;
  readonly given: Given;
}

/** The next part that nobody has taken, and whether all are to stop. */
type Turns = Int32Array;
const [nextPart, stopped] = [0, 1];

const youngMegabytesMax = 64;

class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** A pool hides its password from those who list its options. */
export const connectionOf = ({ options }: Pool): ClientConfig => ({
  ...options,
  ...(options.password !== undefined && { password: options.password }),
});

/** @param onEvents is told how many more have been folded, and may throw to stop all */
export const scanAll = async (
  task: ScanTask,
  threads: ScanThreads | undefined,
  onEvents: (events: number) => void,
  lost: Promise<never>,
): Promise<void> => {
  const count = Math.min(threads?.count ?? 1, task.parts.length);
  const turns: Turns = new Int32Array(new SharedArrayBuffer(8));
  const scans =
    threads && count > 1
      ? Array.from({ length: count }, () => scanInThread(task, threads, turns, onEvents))
      : [scanHere(task, turns, onEvents)];
  try {
    await Promise.race([Promise.all(scans), lost]);
  } finally {
    Atomics.store(turns, stopped, 1);
    await Promise.allSettled(scans);
  }
};

const scanInThread = async (
  { projections, types: _types, ...task }: ScanTask,
  { script, given }: ScanThreads,
  turns: Turns,
  onEvents: (events: number) => void,
): Promise<void> => {
  const data: ThreadTask = { ...task, tables: projections.map(tableOf), turns, given };
  const thread = new Worker(script, {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytesMax },
  });
  const failed = new Promise<never>((_, reject) => {
    thread.on('error', reject);
    thread.on('message', (events: number) => {
      try {
        onEvents(events);
      } catch (error) {
        Atomics.store(turns, stopped, 1);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
  const ended = once(thread, 'exit');
  try {
    await Promise.race([ended, failed]);
  } finally {
    await ended;
  }
};

/** The other end of it. */
export const scanAsThread = async (
  { tables, turns, given: _given, ...task }: ThreadTask,
  { types, projections }: Pick<ScanTask, 'types' | 'projections'>,
  tell: (events: number) => void,
): Promise<void> => {
  const named = projections.filter((each) => tables.includes(tableOf(each)));
  if (named.length !== tables.length) throw new Error(`a thread does not know all of ${tables.join(', ')}`);
  await scanHere({ ...task, types, projections: named }, turns, tell).catch((error: unknown) => {
    if (!(error instanceof Stopped)) throw error;
  });
};

const scanHere = (task: ScanTask, turns: Turns, onEvents: (events: number) => void): Promise<void> =>
  withConnection(task.connection, (db) =>
    withConnection(task.connection, (reader) => {
      const { run, projections, types, parts, pageEvents } = task;
      const failures = failuresOf(db, run);
      const writers = projections.map((each) => new TableWriter(db, failures, each, builtTableOf(each), 'copy'));
      const onPage = (events: number): void => {
        if (Atomics.load(turns, stopped)) throw new Stopped();
        onEvents(events);
      };
      const scan: Scan = { run, db, reader, types, writers, pageEvents, onPage };
      return scanParts(scan, parts, () => Atomics.add(turns, nextPart, 1));
    }),
  );
