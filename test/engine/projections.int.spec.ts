import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { PoolClient } from 'pg';
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { claimEpoch } from '../../libs/eventing/projections/projection-store.adapter';
import { readQuarantine } from '../../libs/eventing/projections/quarantine.adapter';
import { rebuild } from '../../libs/eventing/projections/rebuild';
import { Engine } from '../../libs/platform/engine/engine';
import { openInstallation, TestInstallation } from '../support/stores';
import { happen, stepped } from './step-thing';
import { ThingEvent, thingProjection, ThingRow, thingTypes } from './thing';

let installation: TestInstallation;
let engine: Engine;
let tests = 0;
const runners: ProjectionRunner[] = [];

beforeAll(async () => {
  installation = await openInstallation(thingTypes());
}, 60_000);
beforeEach(async () => {
  engine = await installation.apart(`test_${++tests}`);
}, 60_000);
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
}, 30_000);
afterAll(() => installation.stop(), 30_000);

/** Each test has things of its own. */
const category = (): string => `thing${tests}x`;
const things = (poison?: number, bound?: number) => ({ ...thingProjection(poison, bound), category: category() });

const run = (projection = things()): ProjectionRunner => {
  const { store, pool, types, build } = engine;
  const runner = new ProjectionRunner({
    store,
    pool,
    types,
    build,
    projections: [projection],
    categories: [category()],
    onFailure: (error) => console.error(error),
  });
  runners.push(runner);
  runner.start();
  return runner;
};

const append = async (key: string, event: ThingEvent): Promise<bigint> =>
  (await happen(engine, key, event, category())).position;
const passed = async (position: bigint): Promise<void> => {
  for (let wait = 0; wait < 10; wait++) if (!(await engine.positions.passed(position)).stale) return;
  throw new Error('the projections do not move');
};
const rebuilt = (projection = things()): ReturnType<typeof rebuild> => {
  const { pool, types, build } = engine;
  return rebuild(pool, types, [projection], { build, startedBy: 'test' });
};
const table = async (): Promise<readonly { key: string; row: ThingRow; total: number; sequence: string }[]> =>
  (await engine.pool.query('select key, revision, sequence, row, total from thing_totals_v1 order by key')).rows;
const rowOf = async (key: string): Promise<ThingRow | undefined> => (await table()).find((row) => row.key === key)?.row;

it('folds every event once and in order, and counts them densely', async () => {
  const known = randomUUID();
  const first = run();
  await passed(await append(known, stepped(3)));
  await first.stop();
  const keys = [known, ...Array.from({ length: 60 }, () => randomUUID())];
  const positions = await Promise.all(
    keys.map(async (key) => (await append(key, stepped(1))) && append(key, stepped(2))),
  );
  run();
  await passed(positions.reduce((last, position) => (position > last ? position : last)));
  expect((await table()).map(({ key, total, row }) => [key, total, row.steps])).toEqual(
    keys
      .map((key) => (key === known ? [key, 6, 3] : [key, 3, 2]))
      .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  );
  const { rows } = await engine.pool.query('select sequence::int, position from event_log order by sequence');
  expect(rows.map((row: { sequence: number }) => row.sequence)).toEqual(
    Array.from({ length: 123 }, (_, index) => index + 1),
  );
});

it('takes up where it was, over a stop and a new start', async () => {
  const first = run();
  await passed(await append('a', stepped(1)));
  await first.stop();
  const position = await append('a', stepped(2));
  run();
  await passed(position);
  expect(await rowOf('a')).toEqual({ key: 'a', total: 3, steps: 2 });
});

it('folds a key again from its first event when a fact is corrected', async () => {
  run();
  await append('a', stepped(5));
  await append('a', stepped(1));
  await passed(await append('a', { type: 'ThingCorrected', data: { corrects: 0, by: 2 } }));
  expect(await rowOf('a')).toEqual({ key: 'a', total: 3, steps: 2 });
  await passed(await append('a', stepped(10)));
  expect(await rowOf('a')).toEqual({ key: 'a', total: 13, steps: 3 });
});

const poisons: readonly { readonly event: string; readonly poison: Parameters<typeof things> }[] = [
  { event: 'cannot be folded', poison: [13] },
  { event: 'leaves a row of which the columns cannot be worked out', poison: [undefined, 14] },
];

it.each(poisons)('stops the one key whose event $event, says so, and goes on with the others', async ({ poison }) => {
  run(things(...poison));
  await append('a', stepped(1));
  await append('a', stepped(13));
  await append('a', stepped(1));
  await passed(await append('b', stepped(1)));
  expect(await rowOf('b')).toEqual({ key: 'b', total: 1, steps: 1 });
  expect(await rowOf('a')).toEqual({ key: 'a', total: 1, steps: 1 });
  expect(await readQuarantine(engine.pool)).toMatchObject([
    {
      ...{ projection: 'thing-totals', version: 1, key: 'a', revision: 1, sequence: 2 },
      error: 'Error: this step cannot be taken',
    },
  ]);
});

it.each(poisons)(
  'keeps the same row of a key whose event $event, in batches and when it is rebuilt',
  async ({ poison }) => {
    await append('a', stepped(1));
    await append('a', stepped(2));
    await append('a', stepped(13));
    const position = await append('a', stepped(4));
    run(things(...poison));
    await passed(position);
    const before = await table();
    expect(before).toMatchObject([{ key: 'a', revision: 1, sequence: '2', row: { total: 3, steps: 2 } }]);
    const [report] = await rebuilt(things(...poison));
    expect(report).toMatchObject({ differing: 0, quarantined: 1 });
    expect(await table()).toEqual(before);
  },
);

it('stops each key into whose stream others have written, whatever that is, and keeps it in the mirror', async () => {
  const plant = (key: string, event: Parameters<EventStoreDBClient['appendToStream']>[1]) =>
    engine.store.client.appendToStream(`${category()}-${key}`, event);
  const ours = { schema: '1', commandId: 'c', actor: 'a', origin: 'live', prev: '', hash: '' };
  const never = { ...ours, recordedAt: '2026-02-30T09:00:00.000Z', occurredAt: '2026-03-01T09:00:00.000Z' };
  const nested = Buffer.from(`{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`);
  const long = randomBytes(6_000).toString('base64url');
  const foreign = jsonEvent({ type: 'Foreign', data: { a: 'b' } });
  const poisons = {
    'bytes that are no JSON': binaryEvent({ type: 'ThingStepped', data: Buffer.from([0, 0xff]) }),
    'a type that nobody knows': foreign,
    'a type longer than a page': jsonEvent({ type: long, data: {} }),
    'no metadata of ours': jsonEvent({ type: 'ThingStepped', data: { by: 1 } }),
    'metadata that are none': jsonEvent({ type: 'ThingStepped', data: {}, metadata: Buffer.from('{') }),
    'an instant that never was': jsonEvent({ type: 'ThingStepped', data: { by: 1 }, metadata: never }),
    'nested deeper than anybody can walk': jsonEvent({ type: 'Foreign', data: {}, metadata: nested }),
    'a text that PostgreSQL cannot hold': jsonEvent({ type: 'ThingStepped', data: { remark: 'a\0b\ud800' } }),
  };
  const keys = Object.keys(poisons);
  run();
  for (const [key, event] of Object.entries(poisons)) {
    await append(key, stepped(1));
    await plant(key, event);
  }
  await plant('\0', foreign);
  await plant(long, foreign);
  await passed(await append('b', stepped(1)));
  for (const key of [...keys, 'b']) expect(await rowOf(key)).toEqual({ key, total: 1, steps: 1 });
  const { pool } = engine;
  const standing = (await readQuarantine(pool)).map(({ key }) => key.slice(0, 100));
  expect(standing.sort()).toEqual([...keys, '\uFFFD', long.slice(0, 100)].sort());
  const { rows } = await pool.query('select count(*)::int as events, max(sequence)::int as last from event_log');
  expect(rows).toEqual([{ events: 2 * keys.length + 3, last: 2 * keys.length + 3 }]);
  expect(await rebuilt()).toMatchObject([{ differing: 0, quarantined: keys.length + 2 }]);
});

it('gives back the same bytes when it is rebuilt beside the running worker, and finds a planted difference', async () => {
  run();
  const positions = await Promise.all(
    Array.from({ length: 160 }, (_, index) => append(`k${index % 40}`, stepped(index))),
  );
  await append('k1', { type: 'ThingCorrected', data: { corrects: 0, by: 1000 } });
  await passed(await append('k0', stepped(1)));
  expect(positions).toHaveLength(160);
  const before = await table();
  const [equal] = await rebuilt();
  expect(equal).toMatchObject({ rows: 40, differing: 0 });
  expect(await table()).toEqual(before);
  await engine.pool.query(`update thing_totals_v1 set row = jsonb_set(row, '{total}', '0') where key = 'k7'`);
  const [planted] = await rebuilt();
  expect(planted).toMatchObject({ rows: 40, differing: 1 });
  expect(await table()).toEqual(before);
  await passed(await append('k7', stepped(1)));
  const steps = (await engine.store.read(`${category()}-k7`)).length;
  expect((await rowOf('k7'))?.steps).toBe(steps);
});

it('lets only the newest leader commit', async () => {
  run();
  await passed(await append('a', stepped(1)));
  // Somebody else takes the lead, as after a network partition that the old leader did not notice.
  await claimEpoch(engine.pool);
  // The old one is refused, starts over, claims the lead itself and continues: nothing is lost or doubled.
  await passed(await append('a', stepped(2)));
  expect(await rowOf('a')).toEqual({ key: 'a', total: 3, steps: 2 });
});

describe('whoever holds the checkpoint', () => {
  /** A connection in a transaction of its own, rolled back at the end. */
  const inTransaction = async (work: (db: PoolClient) => Promise<void>): Promise<void> => {
    const db = await engine.pool.connect();
    try {
      await db.query('begin');
      await work(db);
    } finally {
      await db.query('rollback');
      db.release();
    }
  };
  const hold = (db: PoolClient) => db.query(`select from projection_progress where name = 'main' for update`);

  // Far less than the second after which PostgreSQL looks for those who wait for each other.
  const lockMilliseconds = 300;

  it('may lock the tables that a batch is written to, and nothing is written meanwhile', async () => {
    const runner = run();
    await passed(await append('a', stepped(1)));
    let position = 0n;
    await inTransaction(async (db) => {
      await hold(db);
      position = await append('b', stepped(1));
      await wait(lockMilliseconds);
      await db.query(`set local lock_timeout = ${lockMilliseconds}`);
      await db.query('lock table thing_totals_v1 in access exclusive mode');
      const { rows } = await db.query('select key from thing_totals_v1');
      expect(rows).toEqual([{ key: 'a' }]);
    });
    await passed(position);
    expect(await rowOf('b')).toEqual({ key: 'b', total: 1, steps: 1 });
    expect(runner.leads).toBe(true);
  });

  it('keeps a batch from being written when it has raised the epoch, however small the batch is', async () => {
    const [first, position] = [run(), await append('a', stepped(1))];
    await passed(position);
    await inTransaction(async (db) => {
      await claimEpoch(db);
      await append('a', stepped(2));
      await wait(lockMilliseconds);
      await db.query('commit');
    });
    await passed(await append('a', stepped(3)));
    expect(await rowOf('a')).toEqual({ key: 'a', total: 6, steps: 3 });
    expect(first.fenced).toBeGreaterThan(0);
  });
});
