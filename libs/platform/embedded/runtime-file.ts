import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a running server's own stores are, for the command line beside it. It is there while they are all up. */
export interface RuntimeFile {
  readonly eventStoreSocket?: string;
  readonly postgresSocketFolder?: string;
}

export const writeRuntime = (runFolder: string, runtime: RuntimeFile): void => {
  const draft = `${fileIn(runFolder)}.draft`;
  writeFileSync(draft, JSON.stringify(runtime), { mode: 0o600 });
  renameSync(draft, fileIn(runFolder));
};

export const readRuntime = (runFolder: string): RuntimeFile | undefined => {
  try {
    const value: unknown = JSON.parse(readFileSync(fileIn(runFolder), 'utf8'));
    return isRuntime(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

export const removeRuntime = (runFolder: string): void => rmSync(fileIn(runFolder), { force: true });

const fileIn = (runFolder: string): string => join(runFolder, 'runtime.json');

const isRuntime = (value: unknown): value is RuntimeFile => typeof value === 'object' && value !== null;
