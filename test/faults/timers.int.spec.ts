import { randomUUID } from 'node:crypto';
import { adaptersOf } from '../../apps/adapters';
import { eventTypes } from '../../apps/domain';
import { firingCategory } from '../../libs/automation/events';
import { RuleFiring } from '../../libs/automation/fire-rule.handler';
import { RuleTimers } from '../../libs/automation/processes/quiet/quiet.process';
import { AutomationProcess } from '../../libs/automation/processes/react/automation.process';
import { firingProjection } from '../../libs/automation/read-models/firings/firing.projection';
import { quietProjection } from '../../libs/automation/read-models/quiet/quiet.projection';
import { entryOf, saveRule, switchRule } from '../../libs/automation/rules';
import { numberFor } from '../../libs/case-numbers/number-for';
import { CommandRunner } from '../../libs/eventing/command-runner';
import { streamOf } from '../../libs/eventing/event';
import { EventStore } from '../../libs/eventing/event-store.adapter';
import { Unavailable } from '../../libs/eventing/failures';
import { DueKey } from '../../libs/eventing/processes/timer-runner';
import { AnyProjection } from '../../libs/eventing/projections/projection';
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
import { requestPrefix } from '../../libs/requests/vocabulary';
import { openInstallation, TestInstallation } from '../support/stores';
import { eventually } from './harness/eventually';
import { Installation } from './harness/installation';
import { runStorm } from './harness/timer-storm';

const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_261_125);

const cases = 20;
const now = new Date(Date.UTC(2026, 0, 5, 12));
let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation(eventTypes());
}, 60_000);
afterAll(() => installation.stop(), 30_000);

const opening = async (key: string): Promise<void> => {
  await installation.engine.runner.execute({
    ...{ evolution: requestEvolution, key, expects: 'new', body: {} },
    context: { ...liveContext('somebody'), recordedAt: '2026-01-05T09:00:00.000Z' },
    decide: () => [opened({ number: key, customer: 'c4b7d1de-6b6f-4d55-9a3e-0a2f6f0c8f11' })],
  });
};

/** Rows as the log has them at this moment, and nobody who moves them after that. */
const foldOnce = async (projections: readonly AnyProjection[]): Promise<void> => {
  const { store, pool, types, build, positions } = installation.engine;
  const runner = new ProjectionRunner({
    ...{ store, pool, types, build, projections, categories: [requestCategory, firingCategory] },
    onFailure: (error) => console.error(error),
  });
  runner.start();
  const head = (await store.head()) ?? -1n;
  await eventually('the rows are there', async () => !(await positions.passed(head)).stale);
  await runner.stop();
};

const countIn = async (numbers: readonly string[], wanted: string): Promise<number> => {
  const { store } = installation.engine;
  const events = await Promise.all(numbers.map((key) => store.read(streamOf(requestCategory, key), 0)));
  return events.flat().filter(({ type }) => type === wanted).length;
};

describe('a worker that dies between the append and the row', () => {
  /** Rows that say that everything is due, and nobody who moves them: the append is done and the row never changes. */
  const fallDue = async (): Promise<readonly DueKey[]> => {
    const keys = Array.from({ length: cases }, (): string => randomUUID());
    for (const key of keys) await opening(key);
    await foldOnce([serviceLevelsProjection]);
    const all = await new ServiceLevelTimers(installation.engine).timers().due(now, undefined, 1_000);
    return all.filter(({ key }) => keys.includes(key));
  };

  const breaches = (due: readonly DueKey[]): Promise<number> =>
    countIn(
      due.map(({ key }) => key),
      'ServiceLevelBreached',
    );

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

describe('a worker that dies between what a rule did after a quiet time and the mark that it did', () => {
  const quietSeconds = 3_600;
  const projections = [quietProjection, firingProjection];
  const automationOf = (engine: Engine) => {
    const {
      orders,
      cases: known,
      customers,
      book,
      rules,
    } = adaptersOf(engine, {
      ...{ dataDirectory: installation.dataDirectory, ownAddresses: new Set<string>() },
      ...{ replyToClosed: 'reopen', reopenSeconds: 0 },
    });
    const firing = new RuleFiring(engine, orders, known, customers);
    return { timers: new RuleTimers(engine, rules, book, firing).timers(), rules, known, firing };
  };

  /** An engine whose appends stand in the log and are never heard of: the worker has been killed. */
  const dying = (engine: Engine): Engine => {
    class Unheard extends EventStore {
      override async append(...args: Parameters<EventStore['append']>): Promise<never> {
        await super.append(...args);
        throw new Unavailable('unknown', 'the worker was killed');
      }
    }
    const store = new Unheard(engine.store.client);
    const runner = new CommandRunner(store, engine.types, engine.keys, engine.installation);
    return Object.create(engine, { runner: { value: runner } });
  };

  const fallQuiet = async (id: string): Promise<readonly DueKey[]> => {
    const { rules, timers } = automationOf(installation.engine);
    const when = { on: 'quiet', status: 'open', seconds: quietSeconds, calendar: 'always' } as const;
    const then = { verb: 'note', body: { text: 'Nobody has said anything' } } as const;
    await rules.change({}, liveContext('lead'), (known) => saveRule({ id, when, conditions: [], then }, known));
    await rules.change({}, liveContext('lead'), (known) => switchRule({ id, isEnabled: true }, known));
    const { numberKey, installation: of } = installation.engine;
    const keys = Array.from({ length: cases }, () =>
      numberFor({ key: numberKey, prefix: requestPrefix, commandId: randomUUID(), attempt: 0, installation: of }),
    );
    for (const key of keys) await opening(key);
    await foldOnce(projections);
    const due = await timers.due(now, undefined, 1_000);
    return due.filter(({ key }) => keys.some((number) => key === `${id} ${number}`));
  };
  const numbersOf = (due: readonly DueKey[]): readonly string[] => due.map(({ key }) => key.split(' ')[1] ?? '');

  it('has fired once when the next worker finds the same rows, and is marked by it', async () => {
    const due = await fallQuiet('remind');
    expect(due).toHaveLength(cases);
    const killed = automationOf(dying(installation.engine)).timers;
    const fired = await Promise.allSettled(due.map((each) => killed.fire(each, now)));
    expect(fired.map(({ status }) => status)).toEqual(due.map(() => 'rejected'));
    const next = [installation.engine, await installation.another()].map(automationOf);
    for (const { timers } of next) await Promise.all(due.map((each) => timers.fire(each, now)));
    expect(await countIn(numbersOf(due), 'RequestNoted')).toBe(cases);
    const [{ rules, known, firing, timers } = automationOf(installation.engine)] = next;
    const { react } = new AutomationProcess(rules, known, firing).process();
    const { store, types } = installation.engine;
    for (const number of numbersOf(due))
      for (const event of await store.read(streamOf(requestCategory, number))) await react(types.decode(event));
    await foldOnce(projections);
    expect((await timers.due(now, undefined, 1_000)).filter(({ key }) => due.some((each) => each.key === key))).toEqual(
      [],
    );
  }, 60_000);

  it('has fired twice when it is named otherwise each time, and asks for no revision that was seen', async () => {
    const due = await fallQuiet('remind-carelessly');
    const { store } = installation.engine;
    for (const engine of [installation.engine, await installation.another()]) {
      const { rules, firing } = automationOf(engine);
      const rule = entryOf(await rules.refresh(), 'remind-carelessly').revisions.at(-1)!;
      for (const number of numbersOf(due)) {
        const revision = (await store.read(streamOf(requestCategory, number))).length - 1;
        const eventId = randomUUID();
        await firing.fire(rule, { number, eventId, correlationId: eventId, rules: undefined, revision });
      }
    }
    expect(await countIn(numbersOf(due), 'RequestNoted')).toBe(2 * cases);
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
