import { parseArgs } from 'node:util';
import { thingTypes } from '../engine/thing';
import { Random } from '../faults/harness/random';
import { runWorkerCampaign, strikeKinds } from '../faults/harness/worker-campaign';
import { openInstallation } from '../support/stores';

export const workersUsage =
  'npm run soak -- workers [--strikes N] [--seed N] [--kind usual|believer]   (CASEFOLD_TEST_DATABASE: on that PostgreSQL)';

/** Three workers that contend for one log while they are killed, paused and cut off. @returns whether all was exact */
export const soakWorkers = async (args: readonly string[], say: (line: string) => void): Promise<boolean> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      strikes: { type: 'string', default: '100' },
      seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 2 ** 31)) },
      kind: { type: 'string', default: 'usual' },
    },
  });
  const [seed, count, kind] = [Number(values.seed), Number(values.strikes), values.kind];
  if (kind !== 'usual' && kind !== 'believer') throw new RangeError('--kind is usual or believer');
  say(`seed ${seed}; again: npm run soak -- workers --strikes ${count} --seed ${seed} --kind ${kind}`);
  const strikes = Array.from({ length: count }, (_, index) => strikeKinds[index % strikeKinds.length] ?? 'kill');
  const installation = await openInstallation(thingTypes());
  try {
    const report = await runWorkerCampaign(installation, {
      ...{ seed, kind, strikes: new Random(seed).shuffled(strikes), workers: 3, workMillisecondsMax: 800 },
      say: (strike) => say(strike),
    });
    const { findings, ...figures } = report;
    for (const [name, figure] of Object.entries(figures)) say(`${name} ${figure}`);
    say(findings.none ? 'every table was exact' : `BROKEN ${JSON.stringify(findings.summary)}`);
    for (const example of findings.examples) say(example);
    return findings.none;
  } finally {
    await installation.stop();
  }
};
