import { jsonEvent } from '@eventstore/db-client';
import { AppendConflict, Unavailable } from '../../libs/eventing/failures';
import { readHeld } from '../../libs/eventing/processes/held-streams.adapter';
import { Process, ProcessRunner } from '../../libs/eventing/processes/process-runner';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { readProgress } from '../../libs/eventing/projections/projection-store.adapter';
import { readQuarantine } from '../../libs/eventing/projections/quarantine.adapter';
import { contextOf } from '../../libs/platform/http/command-context';
import { eventually } from '../faults/harness/eventually';
import { openInstallation, TestInstallation } from '../support/stores';
import { ThingEvent, thingEvolution, thingProjection, thingTypes } from './thing';

/** What others have tripped over, as far as no other test shows it: see libs/eventing/traps.md. */
let installation: TestInstallation;
let runner: ProjectionRunner;
const failures: unknown[] = [];
const poison = 13;

beforeAll(async () => {
  installation = await openInstallation(thingTypes());
  const { store, pool, types } = installation.engine;
  runner = new ProjectionRunner({
    ...{ store, pool, types, build: 'test', projections: [thingProjection(poison)], categories: ['thing'] },
    onFailure: (error) => failures.push(error),
  });
  runner.start();
}, 60_000);
afterAll(async () => {
  await runner.stop();
  await installation.stop();
}, 30_000);

const append = async (key: string, by: number): Promise<bigint> => {
  const headers = { idempotencyKey: undefined, ifMatch: undefined, traceparent: undefined };
  const context = contextOf({ caller: { id: 'alice' }, target: key, headers, now: new Date() });
  const event: ThingEvent = { type: 'ThingStepped', data: { by, owner: 'somebody', remark: 'x' } };
  const command = { evolution: thingEvolution, key, expects: 'any' as const, body: {}, context };
  return (await installation.engine.runner.execute({ ...command, decide: () => [event] })).position;
};
const passed = (position: bigint) =>
  eventually('the read models are there', async () => !(await installation.engine.positions.passed(position)).stale);
const foreign = () => jsonEvent({ type: 'Foreign', data: {} });

it('counts revisions as numbers and positions as bigint, whatever the client calls them', async () => {
  const { store } = installation.engine;
  await append('typed', 1);
  await append('typed', 2);
  const events = await store.read('thing-typed');
  expect(events.map(({ revision }) => revision)).toEqual([0, 1]);
  expect(events.map(({ position }) => typeof position)).toEqual(['bigint', 'bigint']);
  const appended = await store.append('other-typed', -1, []);
  expect([typeof appended.revision, typeof appended.position]).toEqual(['number', 'bigint']);
});

it('begins a stream at -1 and says in words of our own that somebody else has written, whatever the answer says', async () => {
  const { store } = installation.engine;
  await append('begun', 1);
  const [event] = await store.read('thing-begun');
  if (!event) throw new Error('there is no event');
  const { stream, revision, type, data, metadata } = event;
  const another = { stream, revision, type, data, metadata, id: '5f0c7b8e-0000-4000-8000-000000000001' };
  for (const expected of [-1, 3])
    await expect(store.append('thing-begun', expected, [another])).rejects.toThrow(AppendConflict);
  expect(await store.read('thing-begun')).toHaveLength(1);
});

it('leaves nothing open behind reads that are broken off: one connection carries a hundred', async () => {
  const { store } = installation.engine;
  for (let index = 0; index < 30; index++) await append('long', 1);
  for (let round = 0; round < 300; round++) for await (const event of store.readAll(['thing'])) if (event) break;
  expect(await store.read('thing-long')).toHaveLength(30);
});

it('survives subscriptions that are ended at once, in the middle and twice', async () => {
  const { store } = installation.engine;
  for (let round = 0; round < 60; round++) {
    const subscription = store.subscribe(['thing'], undefined);
    if (round % 3) for await (const resolved of subscription) if (resolved) break;
    await subscription.unsubscribe();
    await subscription.unsubscribe();
  }
  expect(await store.read('thing-long')).toHaveLength(30);
});

it('follows its own categories only, and does not wait behind what others write', async () => {
  const { store, pool } = installation.engine;
  await store.client.appendToStream('stranger-1', Array.from({ length: 3_000 }, foreign));
  await passed(await append('among', 1));
  await store.client.appendToStream('things-1', Array.from({ length: 10 }, foreign));
  await passed(await append('among', 2));
  const { rows } = await pool.query(`select distinct split_part(stream, '-', 1) as category from event_log order by 1`);
  expect(rows).toEqual([{ category: 'thing' }]);
});

it('does not pass an event by whose setting aside cannot be written down', async () => {
  const { pool } = installation.engine;
  await passed(await append('aside', 1));
  await pool.query(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no room'; end $$;
    create trigger refuse before insert on projection_quarantine for each row execute function refuse()`);
  const before = await readProgress(pool);
  failures.length = 0;
  await append('aside', poison);
  const position = await append('aside', 1);
  await eventually('it is tried again', () => failures.length > 2);
  expect(await readProgress(pool)).toMatchObject({ sequence: before.sequence });
  await pool.query('drop trigger refuse on projection_quarantine');
  await passed(position);
  expect(await readQuarantine(pool)).toMatchObject([{ key: 'aside', revision: 1 }]);
});

it('reacts again to what a reaction failed on, and to everything behind it, in the order of the stream', async () => {
  const { pool, types } = installation.engine;
  const seen: number[] = [];
  let refusals = 0;
  const process: Process = {
    name: 'unsteady',
    types: ['ThingStepped'],
    react: ({ stream, data }) => {
      const { by } = data as { by: number };
      if (stream !== 'thing-reacted') return Promise.resolve();
      if (by === 2 && refusals++ < 2) return Promise.reject(new Error('not now'));
      seen.push(by);
      return Promise.resolve();
    },
  };
  const told: unknown[] = [];
  const processes = new ProcessRunner([process], {
    pool,
    types,
    leads: () => true,
    onFailure: (_, error) => told.push(error),
  });
  for (const by of [1, 2, 3, 4]) await passed(await append('reacted', by));
  processes.start();
  await eventually('all is done', () => seen.at(-1) === 4);
  await processes.stop();
  // Two times it saw what comes first and no more, then all of it; nothing came by what was refused.
  expect(seen).toEqual([1, 1, 1, 2, 3, 4]);
  expect(told).toHaveLength(2);
});

/** A process that takes everything but one event, whose stream is called `stream`. */
const fussy = (name: string, stream: string, refusal: () => Error | undefined) => {
  const seen: number[] = [];
  const process: Process = {
    name,
    types: ['ThingStepped'],
    react: (event) => {
      const { by } = event.data as { by: number };
      const error = event.stream === stream && by === 2 ? refusal() : undefined;
      if (error) return Promise.reject(error);
      if (event.stream.startsWith(stream)) seen.push(by);
      return Promise.resolve();
    },
  };
  return { process, seen };
};
const runnerOf = (process: Process, attemptsMax: number): ProcessRunner => {
  const { pool, types } = installation.engine;
  return new ProcessRunner([process], {
    ...{ pool, types, attemptsMax, leads: () => true },
    onFailure: () => undefined,
  });
};

it('leaves behind only the stream whose event a process cannot take, and takes it up in order when it can', async () => {
  const { pool } = installation.engine;
  let refusal: Error | undefined = new TypeError('it cannot be read');
  const { process, seen } = fussy('fussy', 'thing-left', () => refusal);
  for (const by of [1, 2, 3]) await passed(await append('left', by));
  await passed(await append('left-others', 9));
  const first = runnerOf(process, 1);
  first.start();
  await eventually('others are served', () => seen.includes(9));
  await first.stop();
  expect(seen.toSorted()).toEqual([1, 9]);
  expect(await readHeld(pool)).toMatchObject([
    { process: 'fussy', stream: 'thing-left', error: 'TypeError: it cannot be read' },
  ]);
  expect((await installation.engine.positions.reach()).held).toBe(1);
  // Whoever leads next finds it so, and what has come meanwhile waits too.
  await passed(await append('left', 4));
  await passed(await append('left-others', 10));
  const second = runnerOf(process, 1);
  second.start();
  await eventually('others are served again', () => seen.includes(10));
  await second.stop();
  expect(seen.filter((by) => by < 9)).toEqual([1]);
  refusal = undefined;
  const third = runnerOf(process, 1);
  third.start();
  await eventually('it is taken up', () => seen.includes(4));
  await eventually('and forgotten', async () => !(await readHeld(pool)).length);
  await third.stop();
  expect(seen.filter((by) => by < 9)).toEqual([1, 2, 3, 4]);
});

it('leaves nothing behind while something outside is in the way', async () => {
  const { pool } = installation.engine;
  let refusals = 0;
  const outside = [new Unavailable('not-done', 'gone'), Object.assign(new Error('full'), { code: '53100' })];
  const { process, seen } = fussy('patient', 'thing-patient', () => outside[refusals++]);
  for (const by of [1, 2, 3]) await passed(await append('patient', by));
  const runner = runnerOf(process, 1);
  runner.start();
  await eventually('all is done', () => seen.includes(3));
  await runner.stop();
  expect(seen).toEqual([1, 1, 1, 2, 3]);
  expect(await readHeld(pool)).toEqual([]);
});
