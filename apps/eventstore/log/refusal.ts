import { statfsSync } from 'node:fs';

/** A group is not even begun with less room than this behind it: a disk filled to the last byte helps nobody. */
const spareBytes = 1024 * 1024;
/** LMDB copies the pages it changes, so small records cost more than their own bytes. */
const growthFactor = 3;

const reads = 'writes are refused until there is room, reads go on';

/** Says that the disk has no room for so many bytes of records; undefined when it has, or when nobody knows. */
export const lackOfRoom = (directory: string, bytes: number): string | undefined => {
  const free = freeBytes(directory);
  if (free === undefined || free >= spareBytes + growthFactor * bytes) return undefined;
  return `the disk of ${directory} is full (${free} bytes free): ${reads}`;
};

/** The cause of a failed write in words for whoever has to remedy it. */
export const refusalOf = (cause: string, directory: string, mapBytes: number): string => {
  if (/no space left|ENOSPC|quota|EDQUOT/i.test(cause)) return `the disk of ${directory} is full: ${reads}`;
  if (/read-only file system|EROFS/i.test(cause)) {
    return `the file system of ${directory} is read-only: writes are refused until it is writable, reads go on`;
  }
  if (/MDB_MAP_FULL/.test(cause)) {
    return `the event store has reached its size limit of ${mapBytes} bytes: writes are refused, reads go on`;
  }
  // A write that the disk took half of arrives here as a general failure.
  const full = /input\/output error|EIO/i.test(cause) ? lackOfRoom(directory, 0) : undefined;
  return full ?? `the write could not be stored: ${cause}`;
};

const freeBytes = (directory: string): number | undefined => {
  try {
    const { bavail, bsize, blocks } = statfsSync(directory);
    // Some file systems do not count.
    return blocks > 0 ? bavail * bsize : undefined;
  } catch {
    return undefined;
  }
};
