import { readFileSync } from 'node:fs';
import type { ServerProcess } from './command';

/** Memory of a server in a process of its own, what it has mapped of its file included. Linux only. */
export const residentMegabytes = ({ child }: ServerProcess): number => {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))!;
  return Number(kilobytes) / 1024;
};
