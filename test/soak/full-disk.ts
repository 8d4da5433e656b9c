import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventually } from '../faults/harness/eventually';
import { Installation } from '../faults/harness/installation';
import { checkInvariants } from '../faults/harness/invariants';
import { Random } from '../faults/harness/random';
import { Writers } from '../faults/harness/writers';

export const fullDiskUsage =
  'npm run soak -- full-disk [--times N] [--seed N]   (as root: PostgreSQL gets a small disk of its own)';

const diskMegabytes = 400;
const fullMilliseconds = 15_000;
const lookEveryMilliseconds = 250;

/** A small disk under PostgreSQL's folder. */
class SmallDisk {
  private readonly ballast: string;

  private constructor(private readonly folder: string) {
    this.ballast = join(folder, 'ballast');
  }

  /** @param folder with what is to be on it; whatever uses it must be stopped */
  static under(folder: string): SmallDisk {
    const aside = `${folder}.aside`;
    renameSync(folder, aside);
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', folder]);
    execFileSync('cp', ['-a', `${aside}/.`, folder]);
    rmSync(aside, { recursive: true, force: true });
    return new SmallDisk(folder);
  }

  /** Leaves not one page free. */
  fill(): void {
    const file = openSync(this.ballast, 'w');
    try {
      for (const size of [1_048_576, 4_096]) {
        const chunk = Buffer.alloc(size);
        for (;;)
          try {
            if (writeSync(file, chunk) < size) break;
          } catch {
            break;
          }
      }
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
  }
}

interface Health {
  readonly checks?: Readonly<
    Record<string, { readonly status: string; readonly details?: { readonly trouble?: { readonly what: string } } }>
  >;
}

/** What readiness names as not well, such as `database red` or `projections amber no space is left on the disk`. */
const complaintsOf = async (installation: Installation): Promise<readonly string[]> => {
  const response = await fetch(`${await installation.current()}/health/ready`);
  const { checks = {} } = (await response.json()) as Health;
  return Object.entries(checks)
    .filter(([, { status }]) => status !== 'green')
    .map(([name, { status, details }]) => [name, status, details?.trouble?.what].filter(Boolean).join(' '));
};

const outcomesSince = (writers: Writers, from: number): Readonly<Record<string, number>> => {
  const counted: Record<string, number> = {};
  for (const { outcome } of writers.journal.sent.slice(from)) counted[outcome] = (counted[outcome] ?? 0) + 1;
  return counted;
};

/** PostgreSQL has no room left, again and again, while people work. @returns whether every promise was kept */
export const soakFullDisk = async (args: readonly string[], say: (line: string) => void): Promise<boolean> => {
  const { values } = parseArgs({
    args: [...args],
    options: { times: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' } },
  });
  if (process.getuid?.() !== 0) throw new RangeError('a disk can be mounted by root only');
  const installation = new Installation();
  const disk = SmallDisk.under(join(installation.data, 'postgres'));
  try {
    await installation.start();
    const writers = new Writers(installation, 4, new Random(Number(values.seed)));
    const works = async (): Promise<void> => {
      const before = writers.acknowledged;
      await eventually('commands are acknowledged', () => writers.acknowledged >= before + 50);
    };
    await works();
    for (let time = 1; time <= Number(values.times); time++) {
      const from = writers.journal.sent.length;
      const complaints = new Set<string>();
      disk.fill();
      for (const until = Date.now() + fullMilliseconds; Date.now() < until; await sleep(lookEveryMilliseconds))
        for (const complaint of await complaintsOf(installation)) complaints.add(complaint);
      say(
        `full, time ${time}: ${JSON.stringify(outcomesSince(writers, from))}; ${[...complaints].join('; ') || 'no complaint'}`,
      );
      disk.free();
      const freed = performance.now();
      await installation.becomes(200, 60_000);
      say(`ready ${Math.round(performance.now() - freed)} ms after there was room again`);
      await works();
    }
    const { findings, figures } = await checkInvariants(installation, await writers.stop());
    say(`${figures.acknowledged} commands acknowledged, ${figures.events} events`);
    say(findings.none ? 'every promise was kept' : `BROKEN ${JSON.stringify(findings.summary)}`);
    for (const example of findings.examples) say(example);
    return findings.none;
  } finally {
    disk.free();
    await installation.stop().catch(() => undefined);
    disk.remove();
    await installation.remove();
  }
};
