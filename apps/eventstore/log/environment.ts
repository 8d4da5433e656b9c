import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { syncPath } from './durable-files';
import { ensureFormat } from './format';
import type { Frame } from './journal-frame';
import type { Entry } from './page-file';

/**
 * Where everything is kept in the end: one LMDB environment with four tables. What was appended last stands in the
 * journal beside it first (see storage.ts).
 *
 *   log      position (u64)               → record (see record.ts)
 *   index    stream id (u48), revision    → position, event id
 *   streams  stream name                  → id, head, tombstone, position of its metadata (see streams.ts)
 *   facts    format version, next position, next stream id, and names for whatever else must survive
 *
 * Guarantee: once the promise of a `batch` resolves, everything put in it is on disk, all of it or, after a crash or an
 * error before that, none of it.
 *
 * What it rests on. Since the journal may forget what a transaction brought here, a transaction must be on disk when it
 * is said to be, and a power cut must leave the last one whole. The writes of a batch are one transaction, carried out on a thread of its own. (The other way,
 * `eventTurnBatching`, rejects a promise that nobody can reach when a commit fails, which ends the process.) lmdb's default, `overlappingSync`, commits with MDB_NOSYNC and syncs afterwards, and resolves
 * writes before that sync; even `flushed` leaves a window in which readers see what a power cut takes back. With
 * `overlappingSync: false` mdb_txn_commit itself writes the pages, calls fdatasync, and only then writes the meta page
 * through a descriptor opened O_DSYNC: a transaction is visible only when it is durable. An error in any single write aborts the whole transaction and rejects.
 * Nothing here may use `noSync`, `noMetaSync` or `useWritemap`, and nothing may call `transactionSync` while serving:
 * it would cut a running batch in two.
 */
export interface Environment {
  root: RootDatabase<Buffer, Buffer>;
  log: Database<Buffer, Buffer>;
  /** Puts a record behind all others. Positions only grow, and LMDB then fills its pages instead of halving them. */
  appendToLog(key: Buffer, record: Buffer): Promise<boolean>;
  index: Database<Buffer, Buffer>;
  streams: Database<Buffer, Buffer>;
  facts: Database<string, string>;
  path: string;
}

const fileName = 'events.lmdb';
export const storePath = (directory: string): string => join(directory, fileName);

// Address space only; the file grows as it is written. Never remapping while serving is worth more than the number.
export const mapBytes = 2 ** 40;
const appendOption = { append: true };

/** Makes a store where there is none. Made aside and moved, so that an empty or half-made file is never a new store. */
export const createStore = async (directory: string): Promise<void> => {
  const path = storePath(directory);
  if (existsSync(path)) return;
  const aside = join(directory, 'new');
  rmSync(aside, { recursive: true, force: true });
  await openEnvironment(aside).root.close();
  renameSync(storePath(aside), path);
  rmSync(aside, { recursive: true, force: true });
  syncPath(directory);
};

/** Puts what stands in frames of the journal that follow one another, as one transaction. */
export const putFrames = async (
  { root, appendToLog, index, streams, facts }: Environment,
  frames: readonly Frame[],
): Promise<void> => {
  const appended: Promise<boolean>[] = [];
  const newest = new Map<string, Entry>();
  const committed = root.batch(() => {
    for (const frame of frames) {
      for (const { key, value } of frame.records) appended.push(appendToLog(key, value));
      for (const { key, value } of frame.index) void index.put(key, value);
      for (const entry of frame.streams) newest.set(entry.key.toString('latin1'), entry);
    }
    for (const { key, value } of newest.values()) void streams.put(key, value);
    void facts.put('end', JSON.stringify(frames.at(-1)!.end));
  });
  const stored = await Promise.all([committed, ...appended]);
  if (stored.includes(false)) throw new Error('a record was refused by the database');
};

export const openEnvironment = (directory: string): Environment => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = storePath(directory);
  const root = open<Buffer, Buffer>({
    path,
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    overlappingSync: false,
    eventTurnBatching: false,
    mapSize: mapBytes,
    maxDbs: 16,
  });
  const table = (name: string): Database<Buffer, Buffer> =>
    root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
  const log = table('log');
  // lmdb takes these options here and documents them for `putSync`; its types have them there only.
  const put: (key: Buffer, value: Buffer, options: { append: boolean }) => Promise<boolean> = Reflect.get(log, 'put');
  const environment: Environment = {
    root,
    log,
    appendToLog: (key, record) => put.call(log, key, record, appendOption),
    index: table('index'),
    streams: table('streams'),
    facts: root.openDB<string, string>({ name: 'facts', encoding: 'string' }),
    path,
  };
  ensureFormat(environment);
  return environment;
};

/**
 * Closes at once, in this turn of the event loop, which is possible only while no write is under way. lmdb's own
 * `close` looks for writes first and for that goes through a promise, in whose wake readers would find the files shut.
 */
export const closeAtOnce = ({ root }: Environment): void => {
  Reflect.set(root, '_endWrites', undefined);
  void root.close();
  if (Reflect.get(root, 'status') !== 'closed') throw new Error('the database could not be closed at once');
};

/** Why a batch failed. lmdb rejects with a general error and keeps the cause in a second promise, to be taken from it. */
export const commitFailure = async (error: unknown): Promise<string> => {
  const cause: unknown = error instanceof Error ? Reflect.get(error, 'commitError') : undefined;
  if (!(cause instanceof Promise)) return String(error);
  return cause.then(String, (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)));
};
