import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** One run of one process: a pid alone is given to another process sooner or later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the system counts. Compared as text, never read. */
  readonly started: string;
}

const onLinux = process.platform === 'linux';
// In /proc/<pid>/stat, counted behind the name, which may itself hold spaces and parentheses.
const stateField = 0;
const startField = 19;

/** @returns undefined when no such process runs; one that has ended and was not yet waited for counts as ended */
export const identityOf = (pid: number): ProcessIdentity | undefined => {
  const started = onLinux ? startedOnLinux(pid) : startedBySystemTool(pid);
  return started === undefined ? undefined : { pid, started };
};

export const isRunning = ({ pid, started }: ProcessIdentity): boolean => identityOf(pid)?.started === started;

/** @returns the command line, or an empty text when no such process runs */
export const commandOf = (pid: number): string => {
  if (onLinux) return readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  return askSystemTool(pid, 'command=') ?? '';
};

/** Those who work in a folder. Only Linux tells. */
export const workingIn = (folder: string): readonly number[] =>
  onLinux
    ? readdirSync('/proc')
        .map(Number)
        .filter((pid) => pid > 1 && workingFolderOf(pid) === folder)
    : [];

/** @returns undefined when no such process runs, or it is not ours to look at */
export const workingFolderOf = (pid: number): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
};

const startedOnLinux = (pid: number): string | undefined => {
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length <= startField || fields[stateField] === 'Z' || fields[stateField] === 'X') return undefined;
  return `${readText('/proc/sys/kernel/random/boot_id').trim()}:${fields[startField]}`;
};

const startedBySystemTool = (pid: number): string | undefined => askSystemTool(pid, 'lstart=');

const askSystemTool = (pid: number, column: string): string | undefined => {
  try {
    const answer = execFileSync('ps', ['-o', column, '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
    return answer.toString().trim() || undefined;
  } catch {
    return undefined;
  }
};

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
