import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Started } from './started';

/** A program of this checkout, running beside the benchmark. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** What it said when it was ready: the first group of the pattern. */
  readonly said: string;
  readonly readyMilliseconds: number;
  end(): Promise<void>;
}

const readyMillisecondsMax = 120_000;
const outputCharactersKept = 4_000;

// This file runs as dist/test/bench/child.js.
export const checkout = join(__dirname, '..', '..', '..');
export const launcher = join(checkout, 'apps', 'launch.mjs');

const ownEnvironment = (settings: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  // What is measured is the embedded installation, wherever the caller's own environment points.
  const { EVENTSTORE_URL: _store, DATABASE_URL: _database, KEYSTORE_URL: _keystore, ...rest } = process.env;
  return { ...rest, CASEFOLD_ROLES: 'api,worker', HOST: '127.0.0.1', PORT: '0', ...settings };
};

/** Starts a program with Node and waits for the line that says it is ready. @throws Error with its last words */
export const startProgram = (
  started: Started,
  args: readonly string[],
  ready: RegExp,
  settings: NodeJS.ProcessEnv = {},
): Promise<RunningProgram> => {
  started.assertGoingOn();
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    env: ownEnvironment(settings),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const end = started.process(child);
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string): void => reject(new Error(`${args.join(' ')} ${why}\n${output}`));
    const timer = setTimeout(() => fail('was not ready in time'), readyMillisecondsMax);
    const listen = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-outputCharactersKept);
      const said = ready.exec(output)?.[1];
      if (said === undefined) return;
      clearTimeout(timer);
      resolve({ child, said, readyMilliseconds: performance.now() - began, end });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`has ended with ${signal ?? code}`);
    });
  });
};
