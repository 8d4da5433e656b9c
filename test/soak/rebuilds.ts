import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { root, startArguments } from '../faults/harness/checkout';
import { eventually } from '../faults/harness/eventually';
import { Findings } from '../faults/harness/findings';
import { Installation } from '../faults/harness/installation';
import { checkInvariants } from '../faults/harness/invariants';
import { Random } from '../faults/harness/random';
import { Readers } from '../faults/harness/readers';
import { Writers } from '../faults/harness/writers';

export const rebuildsUsage = 'npm run soak -- rebuilds [--count N] [--writers N] [--readers N] [--seed N]';

const acknowledgedBefore = 500;

/** The command line as a user calls it. @returns what it has said @throws Error when it fails */
const casefold = async (installation: Installation, ...args: readonly string[]): Promise<string> => {
  const program = startArguments.map((argument) => (argument === 'server' ? 'cli' : argument));
  const child = spawn(process.execPath, [...program, ...args], {
    ...{ cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { PATH: process.env.PATH, CASEFOLD_DATA: installation.data },
  });
  let said = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`casefold ${args.join(' ')} ended with ${code}: ${said.slice(-1_000)}`);
  return said;
};

/** All read models are built anew while people work and others read. @returns whether every promise was kept */
export const soakRebuilds = async (args: readonly string[], say: (line: string) => void): Promise<boolean> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      count: { type: 'string', default: '5' },
      writers: { type: 'string', default: '48' },
      readers: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [count, seed] = [Number(values.count), Number(values.seed)];
  if (!(count >= 1)) throw new RangeError('--count is a number of at least 1');
  const random = new Random(seed);
  const installation = new Installation();
  try {
    await installation.start();
    const findings = new Findings();
    const writers = new Writers(installation, Number(values.writers), random.fork());
    const readers = new Readers(installation, writers.journal, findings, {
      count: Number(values.readers),
      random: random.fork(),
    });
    await eventually('people are at work', () => writers.acknowledged >= acknowledgedBefore);
    const [began, before, read] = [performance.now(), writers.acknowledged, readers.answered];
    for (let rebuild = 1; rebuild <= count; rebuild++) {
      const from = performance.now();
      const [queue] = /^queue: .*$/m.exec(await casefold(installation, 'rebuild')) ?? [];
      say(`rebuild ${rebuild} in ${((performance.now() - from) / 1000).toFixed(1)} s; ${queue}`);
    }
    const seconds = (performance.now() - began) / 1000;
    const per = (total: number): string => (total / seconds).toFixed(0);
    say(`${per(writers.acknowledged - before)} commands and ${per(readers.answered - read)} reads a second meanwhile`);
    await readers.stop();
    const { figures } = await checkInvariants(installation, await writers.stop(), findings);
    say(`${figures.acknowledged} commands acknowledged, ${figures.events} events`);
    say(
      findings.none
        ? 'every answer came, and none was older than one before it'
        : `BROKEN ${JSON.stringify(findings.summary)}`,
    );
    for (const example of findings.examples) say(example);
    return findings.none;
  } finally {
    await installation.remove();
  }
};
