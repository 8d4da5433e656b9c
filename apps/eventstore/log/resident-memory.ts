import { readFileSync } from 'node:fs';

/**
 * LMDB reads through a memory map, and pages once touched count as this process's memory until the kernel wants them
 * back: a reader of the whole log makes a server of 60 MB look like one of the log's size. They are cache and cost
 * nothing to drop, but only unmapping drops them.
 */
export const mappedBytesMax = 32 * 1024 * 1024;

const pageBytes = 4_096;

/** File-backed bytes resident in this process, where the system tells: field 3 of statm. Else 0. */
export const mappedBytes = (): number => {
  try {
    return Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[2]) * pageBytes;
  } catch {
    return 0;
  }
};
