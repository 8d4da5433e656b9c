import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEnvironment, putFrames, storePath } from '../log/environment';
import { syncPath } from '../log/durable-files';
import { following } from '../log/journal-frame';
import { PageFile } from '../log/page-file';
import { readEnd } from '../log/store-check';
import { takeSnapshot } from './snapshot';
import { verify, type Verified } from './verify';

/**
 * Copies the store as it is at this moment, beside a running server or without one, and verifies the copy. The target
 * has either the whole of it, on disk and sound, or nothing. It is a store like any other: start a server on it.
 */
export const backup = async (directory: string, target: string): Promise<Verified> => {
  const path = storePath(target);
  if (existsSync(path)) throw new Error(`${path} exists; a backup goes into a directory of its own`);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  // Made aside and moved, so that there is never half a copy.
  const aside = join(target, 'copying');
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { mode: 0o700 });
  const umask = process.umask(0o077);
  try {
    await copy(directory, aside);
    const verified = inFile(storePath(aside), verify);
    syncPath(storePath(aside));
    renameSync(storePath(aside), path);
    syncPath(target);
    return verified;
  } finally {
    process.umask(umask);
    rmSync(aside, { recursive: true, force: true });
  }
};

const copy = async (directory: string, aside: string): Promise<void> => {
  const snapshot = await takeSnapshot(directory);
  await snapshot.copyTo(storePath(aside)).finally(() => snapshot.close());
  const { nextPosition } = inFile(storePath(aside), readEnd);
  const frames = following(snapshot.frames, nextPosition);
  if (frames.length === 0) return;
  const environment = openEnvironment(aside);
  await putFrames(environment, frames).finally(() => environment.root.close());
};

const inFile = <T>(path: string, read: (file: PageFile) => T): T => {
  const file = PageFile.open(path);
  try {
    return read(file);
  } finally {
    file.close();
  }
};
