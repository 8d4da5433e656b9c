import { claimEpoch } from '../../libs/eventing/projections/projection-store.adapter';
import { rebuild } from '../../libs/eventing/projections/rebuild';
import { happen, stepped } from '../engine/step-thing';
import { thingProjection, thingTypes } from '../engine/thing';
import { openInstallation, TestInstallation } from '../support/stores';
import { Findings } from './harness/findings';
import { wholeLog } from './harness/invariants';
import { Order, runLoosely } from './harness/loose-runner';
import { Random } from './harness/random';
import { checkReadModels } from './harness/read-model-invariants';
import { runWorkerCampaign, StrikeKind, WorkerCampaignReport } from './harness/worker-campaign';

// The long run, with a hundred strikes and other seeds, is `npm run soak -- workers`.
const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_260_103);

let installation: TestInstallation;
beforeEach(async () => {
  installation = await openInstallation(thingTypes());
}, 60_000);
afterEach(() => installation.stop(), 30_000);

const campaign = async (kind: 'usual' | 'believer', strikes: readonly StrikeKind[]): Promise<WorkerCampaignReport> => {
  const report = await runWorkerCampaign(installation, {
    ...{ seed, strikes: new Random(seed).shuffled(strikes), kind, workers: 3, workMillisecondsMax: 400 },
    say: () => undefined,
  });
  const { findings, ...figures } = report;
  process.stderr.write(`${kind} workers, seed ${seed}: ${JSON.stringify(figures)}\n`);
  expect(findings.examples).toEqual([]);
  expect(report.events).toBeGreaterThan(20);
  return report;
};

it('stays exact when leaders are killed, stand still and wake up, and stores go away', async () => {
  const report = await campaign('usual', ['kill', 'kill-leader', 'pause-leader', 'cut', 'postgres', 'event-store']);
  expect(report.takeovers).toBe(1);
  expect(report.cutOff + report.fenced).toBeGreaterThan(0);
}, 150_000);

it('stays exact among workers who all believe that they lead; the fence refuses whoever does not', async () => {
  const report = await campaign('believer', ['kill', 'cut', 'pause-leader']);
  expect(report.fenced).toBeGreaterThan(0);
}, 150_000);

it('would be found out without the fence', async () => {
  const { engine } = installation;
  const { pool, types, build } = engine;
  const projection = thingProjection();
  await rebuild(pool, types, [projection], { build, startedBy: 'test' });
  for (let round = 0; round < 5; round++)
    await Promise.all(Array.from({ length: 20 }, (_, index) => happen(engine, `k${index}`, stepped(index))));
  const order: Order = 'unfenced';
  const from = await claimEpoch(pool);
  for (const _ of [1, 2]) await runLoosely({ engine, pool, projection, order, batchEventsMax: 10 }, from);
  const findings = new Findings();
  await checkReadModels(engine, [projection], await wholeLog(engine), findings);
  expect(findings.count('differing-from-fold')).toBeGreaterThan(0);
});
