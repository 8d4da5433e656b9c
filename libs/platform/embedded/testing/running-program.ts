import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import type { PoolConfig } from 'pg';
import { compiled, launcher } from '../../../../test/faults/harness/checkout';
import { commandOf, workingFolderOf } from '../process-identity';
import { until } from '../waiting';

type Line = Readonly<Record<string, unknown>>;

const sayMillisecondsMax = 20_000;

/** Compiles what changed: the programs under test run as processes, as in an installation. */
export const build = (): void => void execFileSync(process.execPath, [launcher, 'build'], { stdio: 'inherit' });

export interface Program {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  /** Resolves with the first line, from number `after` on, of which `matches` holds. */
  heard(matches: (line: Line) => boolean, after?: number): Promise<Line>;
  ended(): Promise<number | null>;
}

export interface ProgramOptions {
  readonly data: string;
  readonly uid?: number;
  readonly mode?: 'open' | 'attach';
}

export const startProgram = ({ data, uid, mode = 'open' }: ProgramOptions): Program => {
  const program = compiled('libs/platform/embedded/testing/stores-process.js');
  const child = spawn(process.execPath, [program, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, CASEFOLD_DATA: data },
    cwd: '/',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const lines: Line[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part));
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const heard = async (matches: (line: Line) => boolean, after = 0): Promise<Line> => {
    const line = await until(() => lines.slice(after).find(matches), sayMillisecondsMax);
    if (!line) throw new Error(`not heard; said was ${JSON.stringify(lines)}`);
    return line;
  };
  return { child, lines, heard, ended: () => ended };
};

/** Every process that runs on a data directory: named in its command line, or working in it as PostgreSQL's do. */
export const processesOn = (data: string): { pid: number; command: string }[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .map((pid) => ({ pid, command: commandOf(pid) }))
    .filter(({ pid, command }) => command.includes(data) || workingFolderOf(pid)?.startsWith(data) === true);

export const pidOf = (data: string, part: 'guard' | 'postgres' | 'eventstore'): number => {
  const patterns = {
    guard: /^\/bin\/sh [^]*casefold-guard/,
    postgres: /bin\/postgres -D/,
    eventstore: /--parent-pipe/,
  };
  const isShell = (command: string) => command.startsWith('/bin/sh');
  const found = processesOn(data).find(
    ({ command }) => patterns[part].test(command) && (part === 'guard' || !isShell(command)),
  );
  if (!found) throw new Error(`no ${part} runs on ${data}`);
  return found.pid;
};

export const goneWithin = async (data: string, milliseconds: number): Promise<string[]> => {
  await until(() => (processesOn(data).length ? undefined : true), milliseconds);
  return processesOn(data).map(({ command }) => command);
};

/** The part of the "ready" line that says how to reach a database. */
export const poolConfigOf = (line: Line, name: 'database' | 'keystore'): PoolConfig => {
  const config = line[name];
  if (typeof config !== 'object' || config === null) throw new Error(`the program did not say where its ${name} is`);
  return config;
};
