import { readdirSync, readFileSync } from 'node:fs';
import { commandOf, workingFolderOf } from '../../../libs/platform/embedded/process-identity';
import { until } from '../../../libs/platform/embedded/waiting';

/** What runs on one data directory, found in the system's process table. */
export interface Tree {
  readonly server: readonly number[];
  readonly eventStore: readonly number[];
  /** PostgreSQL's first process, which starts all others. */
  readonly postmaster: readonly number[];
  /** All of PostgreSQL's processes. */
  readonly postgres: readonly number[];
  /** Those of them that serve a connection. */
  readonly backends: readonly number[];
  /** The small shell that ends PostgreSQL when the server is gone. */
  readonly guard: readonly number[];
  readonly all: readonly number[];
}

export type Part = Exclude<keyof Tree, 'all'>;

interface Process {
  readonly pid: number;
  readonly command: string;
}

const read = (look: () => string): string => {
  try {
    return look();
  } catch {
    // It has ended, or it is somebody else's.
    return '';
  }
};

/** Named in the command line or in the environment, or at work in it as PostgreSQL's processes are. */
const belongsTo = (data: string, { pid, command }: Process): boolean =>
  command.includes(data) ||
  read(() => readFileSync(`/proc/${pid}/environ`, 'utf8')).includes(`CASEFOLD_DATA=${data}\0`) ||
  workingFolderOf(pid)?.startsWith(data) === true;

const processesOn = (data: string): Process[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid)
    .map((pid) => ({ pid, command: commandOf(pid) }))
    .filter((each) => belongsTo(data, each));

/** Zero when it has ended. */
const parentOf = (pid: number): number => {
  // The name before it is in brackets, and may hold any.
  const [, , parent] = /\) (\S) (\d+)/.exec(read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))) ?? [];
  return Number(parent ?? 0);
};

const isShell = (command: string): boolean => command.startsWith('/bin/sh');

const patterns: Readonly<Record<Part, (command: string) => boolean>> = {
  server: (command) => /launch\.mjs server|faults\/programs\//.test(command),
  eventStore: (command) => command.includes('--parent-pipe'),
  postmaster: (command) => /bin\/postgres -D/.test(command) && !isShell(command),
  postgres: (command) => patterns.postmaster(command) || command.startsWith('postgres: '),
  backends: (command) => /^postgres: (casefold|keystore) /.test(command),
  guard: (command) => isShell(command) && command.includes('casefold-guard'),
};

export const treeOn = (data: string): Tree => {
  const processes = processesOn(data);
  const of = (part: Part): number[] => processes.filter(({ command }) => patterns[part](command)).map(({ pid }) => pid);
  // What it forked this moment still has its name.
  const named = of('postmaster');
  const postmaster = named.filter((pid) => !named.includes(parentOf(pid)));
  return {
    ...{ server: of('server'), eventStore: of('eventStore'), postmaster },
    ...{ postgres: of('postgres'), backends: of('backends'), guard: of('guard'), all: processes.map(({ pid }) => pid) },
  };
};

export const signal = (pids: readonly number[], name: NodeJS.Signals): void => {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // It has ended in between.
    }
};

/** @returns the command lines of what still runs when the time is over */
export const leftAfter = async (data: string, millisecondsMax: number): Promise<readonly string[]> => {
  await until(() => (processesOn(data).length ? undefined : true), millisecondsMax);
  return processesOn(data).map(({ command }) => command);
};
