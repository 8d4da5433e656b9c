import { parseArgs } from 'node:util';
import { Installation } from '../faults/harness/installation';
import { allKinds, CampaignReport, FaultKind, mixOf, runCampaign } from '../faults/harness/campaign';
import { Random } from '../faults/harness/random';
import { fullDiskUsage, soakFullDisk } from './full-disk';
import { rebuildsUsage, soakRebuilds } from './rebuilds';
import { soakTimers, timersUsage } from './timers';
import { soakWorkers, workersUsage } from './workers';
import { eventStoreUsage, soakEventStore } from '../../apps/eventstore/test/soak';

/** `npm run soak -- --kills 50`: kills of every kind under load, then every promise checked. Exit 1 when one was broken. */
const usage = `usage: npm run soak -- [--kills N] [--seed N] [--writers N] [--minutes N] [--kinds ${allKinds.join(',')}]\n       ${eventStoreUsage}\n       ${workersUsage}\n       ${timersUsage}\n       ${rebuildsUsage}\n       ${fullDiskUsage}`;

type Soak = (args: readonly string[], say: (line: string) => void) => Promise<boolean>;

const soaks: Readonly<Record<string, Soak>> = {
  eventstore: soakEventStore,
  timers: soakTimers,
  workers: soakWorkers,
  rebuilds: soakRebuilds,
  'full-disk': soakFullDisk,
};

interface Options {
  readonly kills: number;
  readonly seed: number;
  readonly writers: number;
  readonly minutes: number;
  readonly kinds: readonly FaultKind[];
}

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} must be a whole number of at least 1`);
  return value;
};

const kindsOf = (text: string): readonly FaultKind[] => {
  const names = text.split(',');
  const known = allKinds.filter((kind) => names.includes(kind));
  if (known.length !== names.length) throw new RangeError(`--kinds must be some of ${allKinds.join(',')}`);
  return known;
};

const readOptions = (args: readonly string[]): Options => {
  const seed = String(1 + Math.floor(Math.random() * 2 ** 31));
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: seed },
      writers: { type: 'string', default: '8' },
      minutes: { type: 'string', default: '15' },
      kinds: { type: 'string', default: allKinds.join(',') },
    },
  });
  return {
    kills: wholeNumber('kills', values.kills),
    seed: wholeNumber('seed', values.seed),
    writers: wholeNumber('writers', values.writers),
    minutes: wholeNumber('minutes', values.minutes),
    kinds: kindsOf(values.kinds),
  };
};

const linesOf = ({ killsTotal, kills, figures, findings, ...report }: CampaignReport): readonly string[] => [
  `${killsTotal} kills: ${Object.entries(kills)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')}`,
  `readiness seen red after ${report.seenRed} of them; longest recovery ${report.recoveryMillisecondsMax} ms`,
  `${figures.sent} commands: ${figures.acknowledged} acknowledged, ${figures.refused} refused as they should be, ` +
    `${figures.everUnknown} without an answer at some moment, ${figures.unknown} at the end, ${figures.notDone} not done`,
  `${figures.events} events in the log`,
  `lost ${findings.count('lost')}, doubled ${findings.count('doubled')}, ` +
    `differing ${findings.count('differing-from-fold') + findings.count('differing-from-rebuild')}`,
  findings.none ? 'every promise was kept' : `BROKEN ${JSON.stringify(findings.summary)}`,
  ...findings.examples,
];

const main = async (): Promise<void> => {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const [what, ...rest] = process.argv.slice(2);
  const soak = what === undefined ? undefined : soaks[what];
  if (soak) {
    process.exitCode = (await soak(rest, say)) ? 0 : 1;
    return;
  }
  const { kills, seed, writers, minutes, kinds } = readOptions(process.argv.slice(2));
  say(
    `seed ${seed}; the same order of kills again: npm run soak -- --kills ${kills} --writers ${writers} --seed ${seed}`,
  );
  const installation = new Installation();
  const giveUp = (): void => void installation.remove().then(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, giveUp);
  const report = await runCampaign(installation, {
    ...{ seed, writers, say, kinds: mixOf(kinds, kills, new Random(seed)) },
    ...{ workMillisecondsMax: 1_500, millisecondsMax: minutes * 60_000 },
  }).finally(() => installation.remove());
  for (const line of linesOf(report)) say(line);
  const isShort = report.killsTotal < kills;
  if (isShort) say(`only ${report.killsTotal} of ${kills} kills in ${minutes} minutes`);
  process.exitCode = report.findings.none && !isShort ? 0 : 1;
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = error instanceof RangeError ? 2 : 1;
});
