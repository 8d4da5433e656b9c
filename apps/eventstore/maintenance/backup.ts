import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { storePath } from '../log/environment';
import { syncPath } from '../log/durable-files';
import { PageFile } from '../log/page-file';
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
  const part = `${path}.part`;
  rmSync(part, { force: true });
  const umask = process.umask(0o077);
  try {
    const snapshot = takeSnapshot(directory);
    await snapshot.copyTo(part).finally(() => snapshot.close());
    const verified = verifyFile(part);
    syncPath(part);
    renameSync(part, path);
    syncPath(target);
    return verified;
  } finally {
    process.umask(umask);
    rmSync(part, { force: true });
  }
};

const verifyFile = (path: string): Verified => {
  const file = PageFile.open(path);
  try {
    return verify(file);
  } finally {
    file.close();
  }
};
