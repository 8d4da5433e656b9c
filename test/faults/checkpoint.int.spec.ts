import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { readProgress } from '../../libs/eventing/projections/projection-store.adapter';
import { rebuild } from '../../libs/eventing/projections/rebuild';
import { happen, stepped } from '../engine/step-thing';
import { thingProjection, thingTypes } from '../engine/thing';
import { openInstallation, TestInstallation } from '../support/stores';
import { eventually } from './harness/eventually';
import { Findings } from './harness/findings';
import { wholeLog } from './harness/invariants';
import { Order, runLoosely } from './harness/loose-runner';
import { openMortalPool } from './harness/mortal-pool';
import { Random } from './harness/random';
import { checkReadModels } from './harness/read-model-invariants';

const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_260_102);
const projection = thingProjection();
const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
const deathsMax = 12;

let installation: TestInstallation;
beforeEach(async () => {
  installation = await openInstallation(thingTypes());
}, 60_000);
afterEach(() => installation.stop(), 30_000);

const rounds = async (count: number): Promise<void> => {
  for (let round = 0; round < count; round++)
    await Promise.all(keys.map((key, index) => happen(installation.engine, key, stepped(index + round))));
};

const mortals = (statements: { readonly least: number; readonly most: number }) =>
  openMortalPool(installation.stores.database, new Random(seed), statements, deathsMax);

const check = async (): Promise<Findings> => {
  const findings = new Findings();
  await checkReadModels(installation.engine, [projection], await wholeLog(installation.engine), findings);
  return findings;
};

const isCaughtUp = async (): Promise<boolean> => {
  const head = await installation.engine.store.head();
  return (await readProgress(installation.engine.pool)).position >= (head ?? -1n);
};

/** The same checker on the same tables, each time with one thing wrong: so that its silence means something. */
const plantAndFind = async (): Promise<void> => {
  const { pool } = installation.engine;
  await pool.query(`update thing_totals_v1 set total = total + 1 where key = 'k3'`);
  expect((await check()).summary).toEqual({ 'differing-from-rebuild': 1 });
  await pool.query(`update thing_totals_v1 set row = jsonb_set(row, '{total}', '0') where key = 'k4'`);
  expect((await check()).count('differing-from-fold')).toBe(1);
  await pool.query('update projection_progress set sequence = sequence - 1');
  expect((await check()).count('checkpoint')).toBe(1);
  await pool.query('update projection_progress set sequence = sequence + 1');
  await pool.query(`update event_log set data = '{}' where sequence = 5`);
  expect((await check()).count('mirror')).toBe(1);
};

it('neither repeats nor skips an effect when a connection dies before any statement of a batch', async () => {
  const { store, types, build } = installation.engine;
  const { pool, deaths, end } = await mortals({ least: 1, most: 12 });
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  const runner = new ProjectionRunner({
    store,
    pool,
    types,
    build,
    projections: [projection],
    categories: ['thing'],
    onFailure,
  });
  runner.start();
  try {
    await eventually('enough connections died', async () => {
      await rounds(1);
      return deaths.length >= deathsMax;
    });
    await eventually('the runner has caught up', isCaughtUp);
  } finally {
    await runner.stop();
    await end();
  }
  const findings = await check();
  process.stderr.write(`seed ${seed}: died before ${deaths.join(' | ')}\n`);
  expect(failures.length).toBeGreaterThan(0);
  expect(findings.examples).toEqual([]);
  await plantAndFind();
}, 120_000);

describe('the checker notices a runner that writes rows and checkpoint in two transactions', () => {
  interface Loose {
    readonly findings: Findings;
    /** Steps that the rows have counted, before anybody rebuilt them. */
    readonly counted: number;
    readonly taken: number;
  }

  const counted = async (): Promise<number> => {
    const { rows } = await installation.engine.pool.query<{ steps: string }>(
      `select sum((row->>'steps')::int) as steps from thing_totals_v1`,
    );
    return Number(rows[0]?.steps);
  };

  const run = async (order: Order): Promise<Loose> => {
    const { engine } = installation;
    await rebuild(engine.pool, engine.types, [projection], { build: engine.build, startedBy: 'test' });
    await rounds(12);
    const { pool, deaths, end } = await mortals({ least: 1, most: 9 });
    const options = { engine, pool, projection, order, batchEventsMax: 10 };
    try {
      await eventually('the runner has reached the end of the log', () =>
        runLoosely(options).then(
          () => true,
          () => false,
        ),
      );
    } finally {
      await end();
    }
    expect(deaths.length).toBeGreaterThan(0);
    return { counted: await counted(), taken: 12 * keys.length, findings: await check() };
  };

  it('rows first: effects are doubled', async () => {
    const { findings, counted, taken } = await run('rows-first');
    expect(counted).toBeGreaterThan(taken);
    expect(findings.count('differing-from-fold')).toBeGreaterThan(0);
    expect(findings.count('differing-from-rebuild')).toBeGreaterThan(0);
  }, 60_000);

  it('checkpoint first: effects are lost', async () => {
    const { findings, counted, taken } = await run('checkpoint-first');
    expect(counted).toBeLessThan(taken);
    expect(findings.count('differing-from-fold')).toBeGreaterThan(0);
    expect(findings.count('differing-from-rebuild')).toBeGreaterThan(0);
  }, 60_000);
});
