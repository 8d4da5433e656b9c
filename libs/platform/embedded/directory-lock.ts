import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './error-code';
import { type ProcessIdentity, identityOf, isRunning } from './process-identity';

/**
 * One process owns a data directory.
 *
 * Rests on: a hard link is made by one of several contenders; a process is known by its pid and its start, so that a
 * recycled pid never looks like the owner. Does not promise: to see an owner on another machine or in another
 * container that shares the folder. Use real servers there.
 */
export interface LockOwner extends ProcessIdentity {
  /** What the owner is, for the one who is refused: `server`, `casefold import`. */
  readonly role: string;
}

export interface DirectoryLock {
  release(): void;
}

export class DirectoryHeld extends Error {
  override readonly name = 'DirectoryHeld';

  constructor(
    readonly owner: LockOwner,
    dataDirectory: string,
  ) {
    super(
      `${dataDirectory} is in use by process ${owner.pid} (${owner.role}); stop it, or choose another CASEFOLD_DATA`,
    );
  }
}

const takeOverAttemptsMax = 5;

/** @throws DirectoryHeld when a living process owns the directory */
export const lockDirectory = (dataDirectory: string, role: string): DirectoryLock => {
  const own = identityOf(process.pid);
  if (!own) throw new Error('this process cannot see itself in the process table');
  const text = JSON.stringify({ ...own, role } satisfies LockOwner);
  const file = lockFile(dataDirectory);
  for (let attempt = 0; attempt < takeOverAttemptsMax; attempt++) {
    if (claim(file, text)) return { release: () => release(file, text) };
    const owner = ownerOf(dataDirectory);
    if (owner && isRunning(owner)) throw new DirectoryHeld(owner, dataDirectory);
    removeStale(file, readText(file));
  }
  throw new Error(`${file} changes hands all the time`);
};

/** @returns who owns the directory now; undefined when nobody does or the owner has died */
export const livingOwner = (dataDirectory: string): LockOwner | undefined => {
  const owner = ownerOf(dataDirectory);
  return owner && isRunning(owner) ? owner : undefined;
};

const lockFile = (dataDirectory: string): string => join(dataDirectory, 'lock');

/** Written aside and linked into place: nobody ever reads half a lock. */
const claim = (file: string, text: string): boolean => {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text, { mode: 0o600 });
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
};

/** Two contenders may both find the owner dead. Renaming shows which lock was really taken away; a living one goes back. */
const removeStale = (file: string, stale: string): void => {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (readText(aside) !== stale) linkSync(aside, file);
  rmSync(aside, { force: true });
};

const release = (file: string, text: string): void => {
  if (readText(file) === text) rmSync(file, { force: true });
};

const ownerOf = (dataDirectory: string): LockOwner | undefined => {
  try {
    const owner: unknown = JSON.parse(readText(lockFile(dataDirectory)));
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
};

const isOwner = (value: unknown): value is LockOwner =>
  typeof value === 'object' && value !== null && 'pid' in value && 'started' in value && 'role' in value;

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
