import { parseArgs } from 'node:util';
import { quantile } from '../bench/statistics';
import { Installation } from '../faults/harness/installation';
import { runStorm, StormReport } from '../faults/harness/timer-storm';

export const timersUsage = 'npm run soak -- timers [--cases N] [--kills N] [--rate N] [--seed N]';

const lines = ({ latencies, ...report }: StormReport): readonly string[] => [
  `${report.exact} of ${report.cases} timers went off exactly once, under ${report.kills} kills`,
  `missing ${report.missing.length}, doubled ${report.doubled.length}, misdated ${report.misdated.length}`,
  `drained ${report.drainedMilliseconds} ms after the last was due`,
  ...(latencies.length
    ? [`seen in the log after p50 ${quantile(latencies, 0.5)} ms, p99 ${quantile(latencies, 0.99)} ms`]
    : []),
];

/** A storm of timers, all due at once unless `--rate` spreads them. @returns whether each went off exactly once */
export const soakTimers = async (args: readonly string[], say: (line: string) => void): Promise<boolean> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string', default: '10000' },
      kills: { type: 'string', default: '0' },
      rate: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [cases, kills, perSecond] = [Number(values.cases), Number(values.kills), Number(values.rate)];
  if (!(cases >= 1) || !(kills >= 0) || !(perSecond > 0)) throw new RangeError('cases, kills and rate are numbers');
  const installation = new Installation();
  try {
    const report = await runStorm(installation, { cases, kills, perSecond, seed: Number(values.seed), say });
    for (const line of lines(report)) say(line);
    return report.exact === report.cases;
  } finally {
    await installation.remove();
  }
};
