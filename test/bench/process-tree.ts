import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it has started take from the machine. Linux alone tells; elsewhere all of it throws. */
const bytesPerKilobyte = 1024;
const megabyte = 1_000_000;
// The unit in which the kernel tells times, the same on every machine that Node runs on.
const millisecondsPerTick = 10;

interface Status {
  readonly parent: number;
  readonly processorMilliseconds: number;
}

const statusOf = (pid: number): Status | undefined => {
  try {
    // The name in brackets may hold anything; after the last bracket stand the state, the parent and, later on, the times.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    return { parent: Number(fields[1]), processorMilliseconds: (user + system) * millisecondsPerTick };
  } catch {
    return undefined;
  }
};

const treeOf = (root: number): readonly number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statusOf(Number(name))?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
};

const proportionalBytes = (pid: number): number => {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * bytesPerKilobyte;
};

/** Memory. Pages that several share count once, each process bearing its part. */
export const treeMegabytes = (root: number): number =>
  treeOf(root).reduce((sum, pid) => sum + bytesOf(pid, root), 0) / megabyte;

const bytesOf = (pid: number, root: number): number => {
  try {
    return proportionalBytes(pid);
  } catch (error) {
    // A helper that ended while we looked holds nothing any more.
    if (pid !== root && !statusOf(pid)) return 0;
    throw error;
  }
};

/** Processor time of those that live. Take the difference of two looks, between which none of them ends. */
export const treeProcessorMilliseconds = (root: number): number =>
  treeOf(root).reduce((sum, pid) => sum + (statusOf(pid)?.processorMilliseconds ?? 0), 0);
