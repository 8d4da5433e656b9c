import type { Database, RootDatabase } from 'lmdb';

/**
 * The versions of what stands in the directory. A start brings an older one up to date, one step after the other and
 * all of them in one transaction: a crash or a full disk on the way leaves the old version, whole.
 *
 *   1  records, index, streams, facts
 *   2  the recorded end also counts the records; records may be stubs of removed events
 *   3  the newest records may stand in the journal only, which a server of an earlier version would pass over
 */
export const formatVersion = '3';

/** The tables that a version concerns. */
export interface Formatted {
  readonly root: RootDatabase;
  readonly facts: Database<string, string>;
  readonly log: Pick<Database, 'getStats'>;
  readonly path: string;
}

export class FormatError extends Error {
  override name = 'FormatError';
}

/** Each brings its version to the next one. */
const upgrades = new Map<string, (environment: Formatted) => void>([
  ['1', countRecords],
  ['2', () => undefined],
]);

/** Marks a new directory, upgrades an old one, and refuses what it does not know. Returns the version it found. */
export const ensureFormat = (environment: Formatted): string => {
  const { root, facts, path } = environment;
  const found = facts.get('format') ?? formatVersion;
  if (found === formatVersion && facts.get('format') !== undefined) return found;
  if (found !== formatVersion && !upgrades.has(found)) {
    throw new FormatError(`${path} has format ${found}; this version reads and writes format ${formatVersion}`);
  }
  // Before anything serves, so a synchronous transaction is harmless here.
  root.transactionSync(() => {
    for (let version = found; version !== formatVersion; version = String(Number(version) + 1)) {
      upgrades.get(version)!(environment);
    }
    void facts.put('format', formatVersion);
  });
  return found;
};

function countRecords({ log, facts }: Formatted): void {
  const end = facts.get('end');
  if (end === undefined) return;
  const fields: unknown = JSON.parse(end);
  const records: unknown = Reflect.get(log.getStats(), 'entryCount');
  void facts.put('end', JSON.stringify({ ...Object(fields), records }));
}
