import { parseArgs } from 'node:util';
import type { Findings } from './campaign';
import { cutPowerAgainAndAgain, killAgainAndAgain, type StrikeOptions } from './strikes';

/** The long version of what the tests beside this file show in short. */
export const eventStoreUsage =
  'npm run soak -- eventstore [--kills N] [--cuts N] [--control-strikes N] [--writers N] [--seed N]';

type Say = (line: string) => void;

const count = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} must be a whole number`);
  return value;
};

const linesOf = (name: string, findings: Findings): string[] => [
  `${name}: ${findings.strikes} strikes, ${findings.acknowledged} events acknowledged, ${findings.retried} batches sent ` +
    `again, ${findings.compactions} compactions that cut ${findings.removed} records`,
  `${name}: ${findings.events} events stored, ${findings.lost} lost, ${findings.brokenCount} promises broken`,
  ...findings.broken,
];

/** @returns whether everything was kept, and both controls were found out */
export const soakEventStore = async (args: readonly string[], say: Say): Promise<boolean> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '200' },
      cuts: { type: 'string', default: '25' },
      'control-strikes': { type: 'string', default: '5' },
      writers: { type: 'string', default: '256' },
      seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 2 ** 31)) },
    },
  });
  const numbers = (strikes: string, honesty: StrikeOptions['honesty']): StrikeOptions => ({
    ...{ strikes: count('strikes', strikes), honesty, say, compactEvery: 10, verifyEvery: 5 },
    ...{ writers: count('writers', values.writers), seed: count('seed', values.seed) },
  });
  let held = true;
  const judge = (name: string, findings: Findings | undefined, isControl: boolean): void => {
    if (!findings) return;
    for (const line of linesOf(name, findings).slice(0, isControl ? 3 : Infinity)) say(line);
    held &&= isControl ? findings.lost > 0 : findings.brokenCount === 0 && findings.events === findings.acknowledged;
  };
  const controls = values['control-strikes'];
  judge('kill -9', await killAgainAndAgain(numbers(values.kills, 'honest')), false);
  judge('kill -9 of an early one', await killAgainAndAgain(numbers(controls, 'early')), true);
  judge('power cut', await cutPowerAgainAndAgain(numbers(values.cuts, 'honest')), false);
  judge('power cut without sync', await cutPowerAgainAndAgain(numbers(controls, 'unsynced')), true);
  say(held ? 'every promise was kept, and both controls were found out' : 'BROKEN');
  return held;
};
