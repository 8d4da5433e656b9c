import { randomUUID } from 'node:crypto';
import { eventTypes } from '../../apps/domain';
import { streamOf } from '../../libs/eventing/event';
import { DueKey } from '../../libs/eventing/processes/timer-runner';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { Engine } from '../../libs/platform/engine/engine';
import { requestCategory } from '../../libs/requests/events';
import { goneOff, tellServiceLevels } from '../../libs/requests/processes/tell-service-levels/tell';
import { ServiceLevelTimers } from '../../libs/requests/processes/tell-service-levels/tell-service-levels.process';
import { serviceLevelsProjection } from '../../libs/requests/read-models/service-levels/service-levels.projection';
import { liveContext } from '../../libs/requests/read-models/testing/read-server';
import { requestEvolution } from '../../libs/requests/request';
import { opened } from '../../libs/requests/testing/given';
import { keyOf } from '../../libs/requests/timers';
import { openInstallation, TestInstallation } from '../support/stores';
import { eventually } from './harness/eventually';
import { Installation } from './harness/installation';
import { runStorm } from './harness/timer-storm';

const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_261_125);

describe('a worker that dies between the append and the row', () => {
  const cases = 20;
  const now = new Date(Date.UTC(2026, 0, 5, 12));
  let installation: TestInstallation;
  beforeAll(async () => {
    installation = await openInstallation(eventTypes());
  }, 60_000);
  afterAll(() => installation.stop(), 30_000);

  /** Rows that say that everything is due, and nobody who moves them: the append is done and the row never changes. */
  const fallDue = async (): Promise<readonly DueKey[]> => {
    const { engine } = installation;
    const { store, pool, types, build } = engine;
    const projections = new ProjectionRunner({
      ...{ store, pool, types, build, projections: [serviceLevelsProjection], categories: [requestCategory] },
      onFailure: (error) => console.error(error),
    });
    projections.start();
    const keys = Array.from({ length: cases }, (): string => randomUUID());
    for (const key of keys)
      await engine.runner.execute({
        ...{ evolution: requestEvolution, key, expects: 'new', body: {} },
        context: { ...liveContext('somebody'), recordedAt: '2026-01-05T09:00:00.000Z' },
        decide: () => [opened({ customer: 'c4b7d1de-6b6f-4d55-9a3e-0a2f6f0c8f11' })],
      });
    const head = (await engine.store.head()) ?? -1n;
    await eventually('the rows are there', async () => !(await engine.positions.passed(head)).stale);
    await projections.stop();
    const all = await new ServiceLevelTimers(engine).timers().due(now, undefined, 1_000);
    return all.filter(({ key }) => keys.includes(key));
  };

  const breaches = async (due: readonly DueKey[]): Promise<number> => {
    const events = await Promise.all(
      due.map(({ key }) => installation.engine.store.read(streamOf(requestCategory, key), 0)),
    );
    return events.flat().filter(({ type }) => type === 'ServiceLevelBreached').length;
  };

  it('has told each breach once when the next worker finds the same rows', async () => {
    const due = await fallDue();
    expect(due).toHaveLength(cases);
    for (const engine of [installation.engine, await installation.another(), await installation.another()])
      await Promise.all(due.map((each) => new ServiceLevelTimers(engine).timers().fire(each, now)));
    expect(await breaches(due)).toBe(cases);
  }, 60_000);

  it('has told it twice when the rule forgets what was told and the command has another id each time', async () => {
    const carelessly = async (engine: Engine, { key }: DueKey): Promise<void> => {
      const { state } = await engine.runner.load(requestEvolution, key);
      if (state.status === 'none') return;
      const untold = { ...state, time: { ...state.time, told: [] } };
      const [breach] = goneOff(untold.time, now.getTime()).filter(({ type }) => type === 'ServiceLevelBreached');
      if (!breach) return;
      await engine.runner.execute({
        ...{ evolution: requestEvolution, key, expects: 'existing', body: {}, context: liveContext('careless') },
        decide: () => tellServiceLevels({ keys: [keyOf(breach)], now: now.getTime() }, untold),
      });
    };
    const due = await fallDue();
    for (const engine of [installation.engine, await installation.another()])
      await Promise.all(due.map((each) => carelessly(engine, each)));
    expect(await breaches(due)).toBe(2 * cases);
  }, 60_000);
});

describe('a storm of timers', () => {
  const installation = new Installation();
  afterAll(() => installation.remove(), 30_000);

  it('goes off once each, with server and stores killed in the middle of it', async () => {
    const options = { cases: 200, perSecond: 100, kills: 2, seed, say: () => undefined };
    const { exact, missing, doubled, misdated } = await runStorm(installation, options);
    process.stderr.write(`seed ${seed}: ${exact} of ${options.cases} went off once\n`);
    expect({ missing, doubled, misdated }).toEqual({ missing: [], doubled: [], misdated: [] });
    expect(exact).toBe(options.cases);
  }, 180_000);
});
