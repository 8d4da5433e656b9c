import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { within } from './waiting';

const logBytesMax = 5_000_000;
const logTailCharactersMax = 600;

/** A log file to append to, for a child's output. The one before is kept, so that at most two of them take up space. */
export const openLog = (file: string): number => {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
};

/** Gives `work` an open log and closes our own handle afterwards; the child has inherited its copy. */
export const withLog = <T>(file: string, work: (handle: number) => T): T => {
  const handle = openLog(file);
  try {
    return work(handle);
  } finally {
    closeSync(handle);
  }
};

export const tailOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').slice(-logTailCharactersMax).trim();
  } catch {
    return '';
  }
};

/** Resolves with the reason when the child has ended, also when it could not be started at all. */
export const endOf = (child: ChildProcess, name: string): Promise<string> =>
  new Promise((resolve) => {
    child.on('error', (error) => resolve(`${name} could not be started: ${error.message}`));
    child.on('exit', (code, signal) => resolve(`${name} ended with ${signal ?? `code ${code}`}`));
  });

/** Asks in ever stronger words, each with its time to answer, and returns when the child has ended. */
export const endInSteps = async (
  ended: Promise<unknown>,
  steps: readonly { readonly ask: () => void; readonly millisecondsMax: number }[],
): Promise<void> => {
  for (const { ask, millisecondsMax } of steps) {
    ask();
    if (await within(ended, millisecondsMax)) return;
  }
};
