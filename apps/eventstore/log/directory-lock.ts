import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One server per directory. The lock is a file that names its holder; it comes into being by `link`, which only one
 * process can win. A holder that no longer runs is replaced. Process numbers are used again, so a holder is known by
 * its number and the moment it started, where the system tells that moment.
 */
export class DirectoryInUse extends Error {
  override name = 'DirectoryInUse';
}

interface Holder {
  pid: number;
  started: string;
  since: string;
}

const lockName = 'server.lock';
const attemptsMax = 20;

export const lockDirectory = (directory: string): (() => void) => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = join(directory, lockName);
  const own = `${lock}.${process.pid}`;
  const text = JSON.stringify({ pid: process.pid, started: startOf(process.pid), since: new Date().toISOString() });
  writeFileSync(own, text, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (tryLink(own, lock)) return () => release(lock, text);
      removeIfDead(directory, lock);
    }
    throw new DirectoryInUse(`${directory} could not be locked: others keep taking it`);
  } finally {
    rmSync(own, { force: true });
  }
};

const tryLink = (own: string, lock: string): boolean => {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
};

const removeIfDead = (directory: string, lock: string): void => {
  const text = read(lock);
  if (text === undefined) return;
  const holder = parse(text);
  if (holder && isRunning(holder)) {
    throw new DirectoryInUse(`${directory} is in use by process ${holder.pid} since ${holder.since}`);
  }
  // Another starter may have replaced the dead holder meanwhile: what was moved away is looked at before it is dropped.
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if (read(aside) !== text && !existsSync(lock)) tryLink(aside, lock);
  unlinkSync(aside);
};

const release = (lock: string, text: string): void => {
  if (read(lock) === text) rmSync(lock, { force: true });
};

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const parse = (text: string): Holder | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' && value !== null && 'pid' in value && Number.isInteger(value.pid);

const isRunning = ({ pid, started }: Holder): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
  return !hasEnded(pid) && (!started || startOf(pid) === started);
};

// Who was killed keeps the number until the parent has waited for it, which in a container may be never.
const hasEnded = (pid: number): boolean => {
  const { state, threads } = statOf(pid);
  return state === 'Z' && Number(threads) <= 1;
};

const startOf = (pid: number): string => statOf(pid).started ?? '';

// Fields 3, 20 and 22 of /proc/PID/stat; the name in field 2 may hold blanks and brackets, so counting starts behind it.
const statOf = (pid: number): { state?: string; threads?: string; started?: string } => {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return { state: fields[0], threads: fields[17], started: fields[19] };
};

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
