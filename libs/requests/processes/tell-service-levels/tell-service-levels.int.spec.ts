import { randomUUID } from 'node:crypto';
import { eventTypes } from '../../../../apps/domain';
import { eventually } from '../../../../test/faults/harness/eventually';
import { openInstallation, TestInstallation } from '../../../../test/support/stores';
import { StoredEvent } from '../../../eventing/event';
import { ProcessRunner } from '../../../eventing/processes/process-runner';
import { TimerRunner } from '../../../eventing/processes/timer-runner';
import { ProjectionRunner } from '../../../eventing/projections/projection-runner';
import { Engine } from '../../../platform/engine/engine';
import { RequestEvent } from '../../events';
import { serviceLevelsProjection } from '../../read-models/service-levels/service-levels.projection';
import { liveContext } from '../../read-models/testing/read-server';
import { requestEvolution } from '../../request';
import { opened, responded } from '../../testing/given';
import { EscalationChain } from '../escalate-service-levels/escalate-service-levels.process';
import { ServiceLevelTimers } from './tell-service-levels.process';

/** Timers on real stores, with a clock that the test moves. */
const begin = Date.UTC(2026, 0, 5, 9);
const second = 1_000;
const day = 86_400;

let installation: TestInstallation;
let projections: ProjectionRunner;
let chain: ProcessRunner;
let now = begin;
const runners: TimerRunner[] = [];

const onFailure = (part: string, error: unknown): void => console.error(part, error);

beforeAll(async () => {
  installation = await openInstallation(eventTypes());
  const { engine } = installation;
  const { store, pool, types, build } = engine;
  projections = new ProjectionRunner({
    ...{ store, pool, types, build, projections: [serviceLevelsProjection], categories: ['request'] },
    onFailure: (error) => onFailure('projections', error),
  });
  chain = new ProcessRunner([new EscalationChain(engine).process()], {
    ...{ pool, types, leads: () => projections.leads, onFailure },
  });
  projections.on('committed', () => chain.nudge());
  projections.start();
  chain.start();
}, 60_000);
beforeEach(() => {
  now = begin;
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
});
afterAll(async () => {
  await Promise.all([chain.stop(), projections.stop()]);
  await installation.stop();
}, 30_000);

/** A worker that believes that it leads, whoever else does. */
const letGoOff = (engine: Engine): TimerRunner => {
  const runner = new TimerRunner(new ServiceLevelTimers(engine).timers(), {
    ...{ clock: async () => new Date(now), leads: () => projections.leads, onFailure },
    passed: (position) => engine.positions.passed(position),
  });
  runner.start();
  runners.push(runner);
  return runner;
};

const append = async (number: string, event: RequestEvent, at: number, origin = 'live'): Promise<bigint> => {
  const { position } = await installation.engine.runner.execute({
    ...{ evolution: requestEvolution, key: number, expects: 'any', body: {} },
    context: { ...liveContext('somebody'), recordedAt: new Date(at).toISOString(), origin },
    decide: () => [event],
  });
  return position;
};

const open = async (count: number, at = begin, origin = 'live'): Promise<readonly string[]> => {
  const numbers = Array.from({ length: count }, () => randomUUID());
  await Promise.all(
    numbers.map((number, index) =>
      append(number, opened({ number, customer: randomUUID() }), at + index * second, origin),
    ),
  );
  return numbers;
};

const history = (number: string): Promise<readonly StoredEvent[]> =>
  installation.engine.store.read(`request-${number}`, 0);

const told = async (number: string): Promise<readonly string[]> =>
  (await history(number))
    .filter(({ type }) => type.startsWith('ServiceLevel') || type === 'RequestEscalated')
    .map(({ type, data }) => [type.replace('ServiceLevel', ''), Object(data).metric ?? ''].join(' ').trim());

const becomes = (number: string, expected: readonly string[]): Promise<void> =>
  eventually(`${number} has told ${expected.length}`, async () => (await told(number)).length >= expected.length).then(
    async () => expect(await told(number)).toEqual(expected),
  );

it('warns, tells of the breach as of its due instant, and goes through the chain', async () => {
  const timers = letGoOff(installation.engine);
  const [number = ''] = await open(1);
  now = begin + 700 * second;
  timers.nudge();
  await becomes(number, ['Warned first-response', 'Notified first-response']);
  now = begin + 1_000 * second;
  timers.nudge();
  const sofar = [
    'Warned first-response',
    'Notified first-response',
    'Breached first-response',
    'Notified first-response',
  ];
  await becomes(number, sofar);
  const breach = (await history(number)).find(({ type }) => type === 'ServiceLevelBreached');
  expect(breach?.metadata).toMatchObject({
    occurredAt: new Date(begin + 900 * second).toISOString(),
    recordedAt: new Date(begin + 1_000 * second).toISOString(),
    policy: 'standard@1',
  });
  now = begin + 4_600 * second;
  timers.nudge();
  await becomes(number, [...sofar, 'Overdue first-response', 'RequestEscalated']);
}, 60_000);

it('tells of each breach once, whoever else tells it, and wherever the clock jumps', async () => {
  const numbers = await open(30);
  const workers = [installation.engine, await installation.another(), await installation.another()].map(letGoOff);
  // Forward over everything, back before it, and forward again.
  for (const jump of [2 * day, -day, 0, 3 * day]) {
    now = begin + jump * second;
    for (const worker of workers) worker.nudge();
    if (jump > 0)
      for (const number of numbers)
        await eventually(
          'all is told',
          async () => (await told(number)).filter((each) => /Overdue/.test(each)).length === 2,
        );
  }
  const breaches = (await Promise.all(numbers.map(told))).flat().filter((each) => /Breached/.test(each));
  expect(breaches).toHaveLength(2 * numbers.length);
}, 60_000);

it('catches up after a day in the order of the due instants, and warns of nothing that has happened since', async () => {
  const numbers = await open(40);
  const tomorrow = randomUUID();
  const last = await append(tomorrow, opened({ customer: randomUUID() }), begin + 3 * day * second);
  await installation.engine.positions.passed(last);
  now = begin + day * second;
  letGoOff(installation.engine);
  for (const number of numbers)
    await eventually(
      'all is told',
      async () => (await told(number)).filter((each) => /Overdue/.test(each)).length === 2,
    );
  const all = (await Promise.all(numbers.map(history))).flat();
  expect(all.filter(({ type }) => type === 'ServiceLevelWarned')).toEqual([]);
  expect(await told(tomorrow)).toEqual([]);
  for (const number of numbers) {
    const instants = (await history(number)).filter(({ metadata }) => metadata.actor.endsWith('tell-service-levels'));
    expect(instants.map(({ type }) => type.replace('ServiceLevel', ''))).toEqual([
      ...['Breached', 'Overdue', 'Breached', 'Overdue'],
    ]);
  }
}, 60_000);

it('tells nothing of imported history, and nothing of what was answered in time', async () => {
  const numbers = await open(5, begin, 'import:log:1');
  const answered = randomUUID();
  await append(answered, opened({ customer: randomUUID() }), begin);
  await append(answered, responded(), begin + 10 * second);
  const timers = letGoOff(installation.engine);
  now = begin + 10 * day * second;
  timers.nudge();
  await eventually('the other clock is told', async () => (await told(answered)).length >= 3);
  expect((await told(answered)).filter((each) => /first-response/.test(each))).toEqual([]);
  expect((await Promise.all(numbers.map(told))).flat()).toEqual([]);
}, 60_000);
