import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a new secret, readable by us alone. Either the whole text is there afterwards, durably, or nothing is.
 *
 * @throws Error when the file exists: a secret is never replaced, for what it once protected needs it for ever
 */
export const writeSecret = (file: string, text: string): void => {
  const draft = `${file}.${process.pid}.draft`;
  rmSync(draft, { force: true });
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    // A link, unlike a rename, refuses to take the place of what is there.
    linkSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(file));
};

/** Puts a newer text in the place of a secret that is made to be renewed, such as the versions of a key. All or nothing. */
export const replaceSecret = (file: string, text: string): void => {
  const draft = `${file}.${process.pid}.draft`;
  rmSync(draft, { force: true });
  writeSecret(draft, text);
  renameSync(draft, file);
  syncFolder(dirname(file));
};

/** @throws Error that names the file and never its content */
export const readSecretText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`the secret ${file} cannot be read`, { cause: error });
  }
};

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
