import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../config/config';
import { FolderProblem, makeFolder } from './make-folder';

/** Where everything of one installation lies. */
export interface Layout {
  readonly root: string;
  readonly secrets: string;
  readonly eventStore: string;
  readonly postgres: string;
  readonly run: string;
}

// sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included; PostgreSQL adds its own file name.
const socketFolderBytesMax = 80;
const socketFolderPrefix = 'casefold-';
const ownEntries = ['lock', 'secrets', 'eventstore', 'postgres', 'run', 'attachments'];

export const layoutOf = (root: string): Layout => ({
  root,
  secrets: join(root, 'secrets'),
  eventStore: join(root, 'eventstore'),
  postgres: join(root, 'postgres'),
  run: join(root, 'run'),
});

const makeRoot = (root: string): void => {
  try {
    makeFolder(root, 0o700);
  } catch (error) {
    if (error instanceof FolderProblem) throw new ConfigError('CASEFOLD_DATA', `must be a folder: ${error.message}`);
    throw error;
  }
};

/**
 * Makes the directory, closed to everybody else. Under root it can be passed through but not listed, because
 * PostgreSQL runs under a uid of its own; each folder in it is closed.
 *
 * @throws ConfigError when it cannot be had, or when the folder holds things that are not ours: its mode would be changed under somebody else's feet
 */
export const prepareDirectory = (root: string): Layout => {
  const layout = layoutOf(root);
  makeRoot(root);
  const entries = readdirSync(root).filter((entry) => !entry.startsWith('.') && entry !== 'lost+found');
  if (entries.length && !entries.some((entry) => ownEntries.includes(entry))) {
    throw new ConfigError('CASEFOLD_DATA', `must be a new or an empty folder: ${root} holds other files`);
  }
  chmodSync(root, isRoot() ? 0o711 : 0o700);
  for (const folder of [layout.secrets, layout.eventStore, layout.run]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
  return layout;
};

export const isRoot = (): boolean => process.getuid?.() === 0;

/** @returns `preferred`, or a closed folder with a short name when a socket in `preferred` could not be addressed */
export const socketFolder = (preferred: string): string => {
  if (Buffer.byteLength(preferred) > socketFolderBytesMax) return mkdtempSync(join(tmpdir(), socketFolderPrefix));
  mkdirSync(preferred, { recursive: true, mode: 0o700 });
  return preferred;
};

/** Removes a folder that `socketFolder` made outside of the data directory; any other is left alone. */
export const removeSocketFolder = (folder: string): void => {
  if (dirname(folder) === tmpdir() && basename(folder).startsWith(socketFolderPrefix)) {
    rmSync(folder, { recursive: true, force: true });
  }
};
