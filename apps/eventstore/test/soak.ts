import { parseArgs } from 'node:util';
import type { Findings } from './campaign';
import { fuzzFor } from './fuzz-run';
import { growsWell, measureGrown } from './growth';
import { cutPowerAgainAndAgain, killAgainAndAgain, type StrikeOptions } from './strikes';

/** The long version of what the tests beside this file show in short. */
export const eventStoreUsage =
  'npm run soak -- eventstore [--kills N] [--cuts N] [--control-strikes N] [--writers N] [--fuzz-minutes N] [--events N] [--seed N]';

type Say = (line: string) => void;

const count = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} must be a whole number`);
  return value;
};

const optionsOf = (args: readonly string[]): Record<string, number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '200' },
      cuts: { type: 'string', default: '25' },
      'control-strikes': { type: 'string', default: '5' },
      writers: { type: 'string', default: '256' },
      events: { type: 'string', default: '10000000' },
      'fuzz-minutes': { type: 'string', default: '10' },
      seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 2 ** 31)) },
    },
  });
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, count(name, text)]));
};

const linesOf = (name: string, findings: Findings): string[] => [
  `${name}: ${findings.strikes} strikes, ${findings.acknowledged} events acknowledged, ${findings.retried} batches sent ` +
    `again, ${findings.compactions} compactions that cut ${findings.removed} records`,
  `${name}: ${findings.events} events stored, ${findings.lost} lost, ${findings.brokenCount} promises broken`,
  ...findings.broken,
];

const kept = (name: string, findings: Findings | undefined, say: Say): boolean => {
  if (!findings) return true;
  for (const line of linesOf(name, findings)) say(line);
  return findings.brokenCount === 0 && findings.events === findings.acknowledged;
};

/** A control that loses nothing would mean that the campaign cannot see a loss. */
const foundOut = (name: string, findings: Findings | undefined, say: Say): boolean => {
  if (!findings) return true;
  for (const line of linesOf(name, findings).slice(0, 3)) say(line);
  return findings.lost > 0;
};

const smallEvents = 100_000;

const grow = async (events: number, say: Say): Promise<boolean> => {
  if (events === 0) return true;
  const small = await measureGrown(smallEvents);
  say(`grown: ${JSON.stringify(small)}`);
  const large = await measureGrown(events);
  say(`grown: ${JSON.stringify(large)}`);
  return growsWell(small, large);
};

/** @returns whether everything was kept, and every control was found out */
export const soakEventStore = async (args: readonly string[], say: Say): Promise<boolean> => {
  const options = optionsOf(args);
  const numbers = (strikes: number, honesty: StrikeOptions['honesty']): StrikeOptions => ({
    ...{ strikes, honesty, say, compactEvery: 10, verifyEvery: 5 },
    ...{ writers: options.writers!, seed: options.seed! },
  });
  const { kills, cuts, 'control-strikes': controls } = options as Record<'kills' | 'cuts' | 'control-strikes', number>;
  let held = true;
  if (kills > 0) {
    held = kept('kill -9', await killAgainAndAgain(numbers(kills, 'honest')), say) && held;
    for (const control of ['early', 'journal not read'] as const) {
      held = foundOut(`kill -9, ${control}`, await killAgainAndAgain(numbers(controls, control)), say) && held;
    }
  }
  if (cuts > 0) {
    held = kept('power cut', await cutPowerAgainAndAgain(numbers(cuts, 'honest')), say) && held;
    for (const control of ['unsynced', 'journal unsynced'] as const) {
      held = foundOut(`power cut, ${control}`, await cutPowerAgainAndAgain(numbers(controls, control)), say) && held;
    }
  }
  held = (await fuzzFor(options['fuzz-minutes']!, options.seed!, say)) && held;
  held = (await grow(options.events!, say)) && held;
  say(held ? 'every promise was kept, and every control was found out' : 'BROKEN');
  return held;
};
