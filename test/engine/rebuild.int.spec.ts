import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { MirrorDiverged } from '../../libs/eventing/projections/lead';
import { AnyProjection } from '../../libs/eventing/projections/projection';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { RebuildOptions } from '../../libs/eventing/projections/building';
import { readQuarantine } from '../../libs/eventing/projections/quarantine.adapter';
import { rebuild } from '../../libs/eventing/projections/rebuild';
import { compiledBeside } from '../../libs/eventing/workers/threads.adapter';
import { ensurePartition, prepareTables } from '../../libs/eventing/projections/schema.adapter';
import { readVersions } from '../../libs/eventing/projections/versions.adapter';
import { retryQuarantined } from '../../libs/eventing/projections/retry';
import { recordRebuilds } from '../../libs/platform/engine/record-rebuilds.process';
import { projectionEventTypes } from '../../libs/eventing/projections/rebuilt';
import { Engine } from '../../libs/platform/engine/engine';
import { openInstallation, TestInstallation } from '../support/stores';
import { happen, stepped } from './step-thing';
import { ThingEvent, thingProjection, thingTypes } from './thing';

let installation: TestInstallation;
let engine: Engine;
let tests = 0;
const failures: unknown[] = [];
const runners: ProjectionRunner[] = [];

beforeAll(async () => {
  installation = await openInstallation(thingTypes().register(projectionEventTypes));
}, 60_000);
const schemaOf = (): string => `test_${tests}`;

/** Each test has tables of its own, and a log that begins now. */
beforeEach(async () => {
  tests++;
  engine = await installation.apart(schemaOf());
  await engine.pool.query(`update projection_progress set position = $1`, [(await engine.store.head()) ?? -1n]);
}, 60_000);
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  failures.splice(0);
}, 30_000);
afterAll(() => installation.stop(), 30_000);

const versionTwo = (): AnyProjection => ({
  ...thingProjection(),
  version: 2,
  initial: (key) => ({ key, total: 1_000, steps: 0 }),
});

const run = (projection: AnyProjection = thingProjection()): ProjectionRunner => {
  const { store, pool, types, build } = engine;
  const runner = new ProjectionRunner({
    ...{ store, pool, types, build, projections: [projection], categories: ['thing'] },
    onFailure: (error) => void failures.push(error),
  });
  runners.push(runner);
  runner.start();
  return runner;
};
const append = async (key: string, event: ThingEvent = stepped(1)): Promise<bigint> =>
  (await happen(engine, key, event)).position;
const appendMany = async (events: number): Promise<void> => {
  const positions = await Promise.all(
    Array.from({ length: events }, (_, index) => append(`k${index % 40}`, stepped(index))),
  );
  await passed(positions.reduce((last, position) => (position > last ? position : last)));
};
const passed = async (position: bigint): Promise<void> => {
  for (let wait = 0; wait < 10; wait++) if (!(await engine.positions.passed(position)).stale) return;
  throw new Error('the projections do not move');
};
const rowsIn = async (table: string): Promise<readonly { key: string; total: number }[]> =>
  (await engine.pool.query(`select key, revision, sequence, row, total from ${table} order by key`)).rows;

const build = (
  options: Partial<Parameters<typeof rebuild>[3]> = {},
  projection: AnyProjection = thingProjection(),
): ReturnType<typeof rebuild> => {
  const { pool, types } = engine;
  return rebuild(pool, types, [projection], { build: 'this', startedBy: 'test', pageEvents: 20, ...options });
};

/** Two threads, and enough parts for both. */
const inThreads = (poison?: number): Partial<RebuildOptions> => ({
  threads: { count: 2, program: compiledBeside(__dirname, 'scan-thread'), given: poison },
  partEvents: 20,
});

describe.each([
  ['by one thread', {}],
  ['by two threads', inThreads()],
])('a rebuild %s that is interrupted', (_, scanning) => {
  const interrupted = async (atEvents: number): Promise<void> => {
    const stop = new AbortController();
    const onProgress = (done: number): void => {
      if (done >= atEvents) stop.abort(new Error('stopped by hand'));
    };
    await expect(build({ ...scanning, signal: stop.signal, onProgress })).rejects.toThrow('stopped by hand');
  };
  const progressOf = async (options: Parameters<typeof build>[0] = {}): Promise<readonly number[]> => {
    const seen: number[] = [];
    const [report] = await build({ ...scanning, ...options, onProgress: (done) => void seen.push(done) });
    expect(report).toMatchObject({ rows: 40, differing: 0 });
    return seen;
  };

  it('goes on where it was', async () => {
    run();
    await appendMany(160);
    const before = await rowsIn('thing_totals_v1');
    await interrupted(80);
    await append('k3', stepped(7));
    await passed(await append('new', stepped(7)));
    await interrupted(120);
    const seen: number[] = [];
    const [report] = await build({ ...scanning, onProgress: (done) => void seen.push(done) });
    expect(report).toMatchObject({ rows: 41, differing: 0, events: 162 });
    // Threads may have been done before they heard of it.
    expect(Math.min(...seen)).toBeGreaterThan(80);
    expect((await rowsIn('thing_totals_v1')).filter(({ key }) => key !== 'k3' && key !== 'new')).toEqual(
      before.filter(({ key }) => key !== 'k3'),
    );
  });

  it('goes on after its connections were cut, wherever that was', async () => {
    run();
    await appendMany(160);
    const cuts: number[] = [];
    for (const events of [30, 80, 120]) {
      const seen: number[] = [];
      const cut = build({
        ...scanning,
        onProgress: (done) => {
          seen.push(done);
          if (done > events) void engine.pool.query(cutRebuilds);
        },
      });
      await cut.catch(() => void cuts.push(seen.at(-1) ?? 0));
    }
    expect(cuts.length).toBeGreaterThan(0);
    expect((await build(scanning))[0]).toMatchObject({ rows: 40, differing: 0 });
  });

  it('begins anew for other code, which may fold otherwise', async () => {
    run();
    await appendMany(160);
    await interrupted(80);
    expect((await progressOf({ build: 'other' }))[0]).toBeLessThan(60);
  });

  it('writes nothing more once another has begun anew', async () => {
    run();
    await appendMany(160);
    const late = build({
      ...scanning,
      build: 'late',
      onProgress: () => void engine.pool.query(`delete from projection_rebuild where finished_at is null`),
    });
    await expect(late).rejects.toThrow('another rebuild has gone on with this part');
    expect((await build(scanning))[0]).toMatchObject({ rows: 40, differing: 0, events: 160 });
  });
});

it('sets aside in threads what it cannot fold', async () => {
  run(thingProjection(13));
  await appendMany(80);
  const [before] = await readQuarantine(engine.pool);
  const [report] = await build(inThreads(13), thingProjection(13));
  expect(report).toMatchObject({ rows: 39, differing: 0, quarantined: 1 });
  expect(await readQuarantine(engine.pool)).toEqual([{ ...before, since: expect.any(Date) }]);
});

const cutRebuilds = `
  select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
    and (classid::bigint << 32 | objid::bigint) = hashtextextended('casefold/rebuild', 0)`;

describe('two versions of one projection', () => {
  it('stand side by side; each is caught up by the build that knows it, there and back again', async () => {
    const first = run();
    await appendMany(80);
    const [report] = await build({}, versionTwo());
    expect(report).toMatchObject({ version: 2, rows: 40, differing: 40 });
    await append('k0', stepped(5));
    await passed(await append('only-one', stepped(5)));
    await first.stop();
    const second = run(versionTwo());
    await passed(await append('k1', stepped(5)));
    expect((await rowsIn('thing_totals_v2')).map(({ key, total }) => [key, total])).toEqual(
      await expectedTotals(1_000),
    );
    await second.stop();
    run();
    await passed(await append('k2', stepped(5)));
    expect((await rowsIn('thing_totals_v1')).map(({ key, total }) => [key, total])).toEqual(await expectedTotals(0));
    expect(await readVersions(engine.pool)).toMatchObject([
      { version: 1, followed: true },
      { version: 2, followed: false },
    ]);
  });

  const expectedTotals = async (start: number): Promise<readonly [string, number][]> => {
    const totals = new Map<string, number>();
    const { rows } = await engine.pool.query<{ key: string; by: number }>(
      `select substr(stream, 7) as key, (data ->> 'by')::int as by from event_log order by sequence`,
    );
    for (const { key, by } of rows) totals.set(key, (totals.get(key) ?? start) + by);
    return [...totals].sort(([one], [other]) => (one < other ? -1 : 1));
  };
});

it('lets every reader read all the while, and lets none go back in time', async () => {
  run();
  await appendMany(80);
  const { pool } = engine;
  let reading = true;
  let answers = 0;
  const read = async (): Promise<void> => {
    for (let last = 0; reading; answers++) {
      const { rows } = await pool.query<{ steps: number }>(
        `select sum((row ->> 'steps')::int)::int as steps from thing_totals_v1`,
      );
      const steps = rows[0]?.steps ?? 0;
      if (steps < last) throw new Error(`${steps} steps after ${last}`);
      last = steps;
    }
  };
  const write = async (): Promise<void> => {
    while (reading) await append(`k${Math.floor(Math.random() * 40)}`);
  };
  const work = [read(), read(), write(), write()];
  for (let round = 0; round < 5; round++) expect((await build())[0]).toMatchObject({ differing: 0 });
  reading = false;
  await Promise.all(work);
  expect(answers).toBeGreaterThan(20);
}, 60_000);

it('copies rows as they are, whatever signs stand in them', async () => {
  run();
  const keys = ['a\tb', 'a\nb', 'a\r\nb', 'a\\b', '\\N', '\\.', 'a\\nb', '"a", {b}', 'ü💩', ' '];
  for (const key of keys) await append(key);
  await passed(await append('last'));
  const before = await rowsIn('thing_totals_v1');
  expect(before.map(({ key }) => key).sort()).toEqual([...keys, 'last'].sort());
  expect((await build())[0]).toMatchObject({ rows: keys.length + 1, differing: 0 });
  expect(await rowsIn('thing_totals_v1')).toEqual(before);
});

it('tells the log once what it has done', async () => {
  run();
  await appendMany(40);
  await engine.pool.query(`update thing_totals_v1 set total = total + 1 where key = 'k7'`);
  await engine.pool.query(`update thing_totals_v1 set row = '{}' where key = 'k8'`);
  const [report] = await build();
  expect(report).toMatchObject({ differing: 1, samples: ['k8'] });
  await recordRebuilds(await installation.apart(schemaOf()));
  await engine.pool.query(`update projection_rebuild set recorded = false where started_by = 'test'`);
  await recordRebuilds(await installation.apart(schemaOf()));
  const told = await engine.store.read('projection-thing-totals');
  expect(told.map(({ type, data }) => [type, data])).toMatchObject([
    ['ProjectionRebuilt', { version: 1, rows: 40, events: 40, differing: 1, samples: ['k8'], startedBy: 'test' }],
  ]);
});

it('folds again what stood still, with all that has waited behind it', async () => {
  const poisoned = run(thingProjection(13));
  await append('a', stepped(1));
  await append('a', stepped(13));
  await passed(await append('a', stepped(2)));
  await poisoned.stop();
  const { pool, types } = engine;
  expect(await retryQuarantined(pool, types, [thingProjection(13)])).toEqual([
    { projection: 'thing-totals', retried: 1, still: 1 },
  ]);
  expect(await rowsIn('thing_totals_v1')).toMatchObject([{ key: 'a', total: 1 }]);
  run();
  await passed(await append('a', stepped(4)));
  expect(await rowsIn('thing_totals_v1')).toMatchObject([{ key: 'a', total: 1 }]);
  expect(await retryQuarantined(pool, types, [thingProjection()], ['b'])).toMatchObject([{ retried: 0 }]);
  expect(await retryQuarantined(pool, types, [thingProjection()], ['a'])).toMatchObject([{ retried: 1, still: 0 }]);
  expect(await rowsIn('thing_totals_v1')).toMatchObject([{ key: 'a', total: 20 }]);
  await passed(await append('a', stepped(8)));
  expect(await rowsIn('thing_totals_v1')).toMatchObject([{ key: 'a', total: 28 }]);
});

it('does not follow a log that is not the one which was mirrored', async () => {
  const runner = run();
  await passed(await append('a'));
  await runner.stop();
  await engine.pool.query(`update event_log set id = $1`, [randomUUID()]);
  const stranger = run();
  while (!stranger.diverged) await new Promise((resolve) => setImmediate(resolve));
  expect(stranger.leads).toBe(false);
  expect(failures[0]).toBeInstanceOf(MirrorDiverged);
});

describe('tables of an older release', () => {
  const tables = `
    create table event_log (
      sequence bigint primary key, position bigint not null unique, stream text not null, revision integer not null,
      id uuid not null, type text not null, data jsonb not null, metadata jsonb not null, unique (stream, revision));
    create table projection_progress (
      name text primary key, position bigint not null, sequence bigint not null, epoch bigint not null, updated_at timestamptz not null);
    create table projection_built (name text, version integer, primary key (name, version));
    create table projection_quarantine (
      projection text, key text, revision integer not null, sequence bigint not null, event_id uuid not null, error text not null,
      since timestamptz not null default now(), primary key (projection, key));
    create table process_progress (name text primary key, sequence bigint not null);
    insert into projection_progress values ('main', 30, 3, 5, now());
    insert into projection_built values ('thing-totals', 1);
    insert into projection_quarantine (projection, key, revision, sequence, event_id, error)
      values ('thing-totals', 'b', 0, 3, gen_random_uuid(), 'Error: once');
    insert into event_log select n, n * 10, 'thing-' || chr(96 + (n + 1) / 2), (n + 1) % 2, gen_random_uuid(), 'ThingStepped', '{}', '{}'
      from generate_series(1, 3) n;`;

  const inOwnSchema = async (work: (db: Client) => Promise<void>): Promise<void> => {
    const db = new Client(installation.engine.pool.options);
    await db.connect();
    try {
      await db.query(`create schema ${schemaOf()}_older; set search_path = ${schemaOf()}_older`);
      await work(db);
    } finally {
      await db.end();
    }
  };

  it('become those of today with all that is in them, whoever comes first', () =>
    inOwnSchema(async (db) => {
      await db.query(tables);
      const other = new Client(installation.engine.pool.options);
      await other.connect();
      await other.query(`set search_path = ${schemaOf()}_older`);
      await Promise.all([prepareTables(db), prepareTables(other)]);
      await other.end();
      const { rows } = await db.query('select sequence::int, stream, generation from event_log order by sequence');
      expect(rows).toEqual([
        { sequence: 1, stream: 'thing-a', generation: 1 },
        { sequence: 2, stream: 'thing-a', generation: 1 },
        { sequence: 3, stream: 'thing-b', generation: 1 },
      ]);
      expect(await readVersions(db)).toMatchObject([{ name: 'thing-totals', version: 1, followed: true, sequence: 3 }]);
      const quarantined = await db.query('select projection, version, key from projection_quarantine order by key');
      expect(quarantined.rows).toEqual([{ projection: 'thing-totals', version: 1, key: 'b' }]);
    }));

  it('get their next partition before it is needed', () =>
    inOwnSchema(async (db) => {
      await prepareTables(db);
      const next = await ensurePartition(db, 0);
      expect(await ensurePartition(db, next - 1)).toBe(next);
      const later = await ensurePartition(db, next);
      expect(later).toBeGreaterThan(next);
      const { rows } = await db.query(`select tableoid::regclass::text as partition from event_log limit 1`);
      expect(rows).toEqual([]);
      const insert = (sequence: number) =>
        db.query(`insert into event_log values ($1, 1, $1, 's', 0, gen_random_uuid(), 't', '{}', '{}')`, [sequence]);
      await insert(later + 1);
      await expect(insert(later * 10)).rejects.toThrow('no partition');
    }));
});
