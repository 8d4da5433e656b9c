import { accessSync, constants, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';

/** A group is not even begun with less room than this behind it: a disk filled to the last byte helps nobody. */
const spareBytes = 1024 * 1024;
/** LMDB copies the pages it changes, so small records cost more than their own bytes. */
const growthFactor = 3;

const untilRoom = 'writes are refused until there is room, reads go on';
const readOnly = (path: string): string =>
  `the file system of ${path} is read-only: writes are refused until it is writable, reads go on`;

/**
 * Says why so many bytes of records cannot be stored in a file; undefined when they can, or when nobody knows. Asked
 * before every group, because LMDB meets a full disk half-way, says so on standard error, and calls it an input/output
 * error.
 * @param bytesMax the most the file may ever hold
 */
export const whyNoRoom = (path: string, bytes: number, bytesMax: number): string | undefined => {
  if (isReadOnly(path)) return readOnly(path);
  const free = freeBytes(path);
  const needed = spareBytes + growthFactor * bytes;
  if (free !== undefined && free < needed) return `the disk of ${path} is full (${free} bytes free): ${untilRoom}`;
  if (bytesMax === Infinity || statSync(path).size + growthFactor * bytes <= bytesMax) return undefined;
  return `${path} has reached its size limit of ${bytesMax} bytes: writes are refused, reads go on`;
};

/** The cause of a failed write in words for whoever has to remedy it. */
export const refusalOf = (cause: string, path: string): string => {
  if (/no space left|ENOSPC|quota|EDQUOT/i.test(cause)) return `the disk of ${path} is full: ${untilRoom}`;
  if (/read-only file system|EROFS/i.test(cause)) return readOnly(path);
  // A write that the disk took half of arrives here as a general failure.
  const full = /input\/output error|EIO/i.test(cause) ? whyNoRoom(path, 0, Infinity) : undefined;
  return full ?? `the write could not be stored: ${cause}`;
};

/** Why nothing can be written beside the file, found out by doing it; undefined when it can. */
export const writeFault = (path: string): string | undefined => {
  const probe = `${path}.probe`;
  try {
    writeFileSync(probe, 'x', { flush: true });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    removeQuietly(probe);
  }
};

const removeQuietly = (path: string): void => {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where nothing can be written nothing can be removed, and nothing was left.
  }
};

const isReadOnly = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EROFS';
  }
};

const freeBytes = (path: string): number | undefined => {
  try {
    const { bavail, bsize, blocks } = statfsSync(path);
    // Some file systems do not count.
    return blocks > 0 ? bavail * bsize : undefined;
  } catch {
    return undefined;
  }
};
