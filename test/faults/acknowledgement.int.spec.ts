import { execFileSync } from 'node:child_process';
import { compiled, launcher } from './harness/checkout';
import { eventually } from './harness/eventually';
import { Installation } from './harness/installation';
import { checkInvariants, Verdict } from './harness/invariants';
import { Random } from './harness/random';
import { Writers } from './harness/writers';

const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_260_103);
const acknowledgedMin = 60;

let installation: Installation;
beforeAll(() => void execFileSync(process.execPath, [launcher, 'build'], { stdio: 'inherit' }), 60_000);
afterEach(() => installation.remove(), 30_000);

/** Work, one kill -9 of the server while it works, and the real server on what it left. */
const killOnce = async (program?: readonly string[]): Promise<Verdict> => {
  installation = new Installation({ program });
  await installation.start();
  const writers = new Writers(installation, 6, new Random(seed));
  await eventually('enough was acknowledged', () => writers.acknowledged >= acknowledgedMin);
  const stopped = writers.stop();
  installation.server.kill();
  const journal = await stopped;
  installation.down();
  await installation.start({});
  return checkInvariants(installation, journal);
};

it('comes after the write: nothing acknowledged is lost when the server is killed', async () => {
  const { findings, figures } = await killOnce();
  expect(findings.examples).toEqual([]);
  expect(figures.acknowledged).toBeGreaterThanOrEqual(acknowledgedMin);
}, 120_000);

it('before the write loses commands, and the checker says so', async () => {
  const { findings } = await killOnce([compiled('test/faults/programs/hasty-server.js')]);
  process.stderr.write(`acknowledged before the write: ${JSON.stringify(findings.summary)}\n`);
  expect(findings.count('lost')).toBeGreaterThan(0);
}, 120_000);
