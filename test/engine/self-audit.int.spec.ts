import { Client } from 'pg';
import { jsonEvent } from '@eventstore/db-client';
import { readAuditSummary, readMismatches } from '../../libs/eventing/audit/audit-store.adapter';
import { auditAll } from '../../libs/eventing/audit/audit-log';
import { Auditor } from '../../libs/eventing/audit/auditor';
import { chainAuditor, mirrorAuditor } from '../../libs/eventing/audit/log-auditors';
import { rowAuditor, versionAuditor } from '../../libs/eventing/audit/row-auditors.adapter';
import { wordAuditor } from '../../libs/eventing/audit/word-auditor.adapter';
import { SelfAudit } from '../../libs/eventing/audit/self-audit';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { auditStreams } from '../../libs/eventing/audit/audit-streams.adapter';
import { readProgress } from '../../libs/eventing/projections/projection-store.adapter';
import { VersionFollower } from '../../libs/eventing/temporal/version-follower';
import { forEver, readTemporalProgress } from '../../libs/eventing/temporal/version-store.adapter';
import { rebuild } from '../../libs/eventing/projections/rebuild';
import { IndexRows } from '../../libs/eventing/search/index-rows';
import { indexTableOf, SearchIndex } from '../../libs/eventing/search/search-index';
import { SearchIndexer } from '../../libs/eventing/search/search-indexer';
import { makeNewerKey } from '../../libs/eventing/search/search-keys';
import { readGenerations } from '../../libs/eventing/search/search-store.adapter';
import { troubleOf } from '../../libs/eventing/trouble';
import { contextOf } from '../../libs/platform/http/command-context';
import { eventually } from '../faults/harness/eventually';
import { openInstallation, TestInstallation } from '../support/stores';
import { ThingEvent, thingEvolution, thingIndex, thingProjection, thingTypes } from './thing';

let installation: TestInstallation;
let runner: ProjectionRunner;
let audit: SelfAudit | undefined;
const failures: unknown[] = [];
const poison = 13;

beforeAll(async () => {
  installation = await openInstallation(thingTypes());
  const { store, pool, types } = installation.engine;
  runner = new ProjectionRunner({
    ...{ store, pool, types, projections: [thingProjection(poison)], build: 'test', categories: ['thing'] },
    onFailure: () => undefined,
  });
  runner.start();
}, 60_000);
afterEach(async () => {
  await audit?.stop();
  expect(failures.splice(0)).toEqual([]);
});
afterAll(async () => {
  await runner.stop();
  await installation.stop();
}, 30_000);

const auditing = (...others: readonly Auditor[]) => {
  const { store, pool, types, installation: of } = installation.engine;
  const rows = rowAuditor(types, [thingProjection(poison)]);
  return { store, pool, auditors: [chainAuditor(of), mirrorAuditor, rows, ...others] };
};
const words = () => wordAuditor(new IndexRows(installation.engine), [thingIndex]);
const indexer = () =>
  new SearchIndexer({
    ...installation.engine,
    ...{ indexes: [thingIndex], leads: () => true, onFailure: (error: unknown) => failures.push(error) },
  });
const index = () => indexer().catchUp();
const start = (passEverySeconds = 0, ...others: readonly Auditor[]): SelfAudit => {
  audit = new SelfAudit({
    ...auditing(...others),
    ...{ categories: ['thing'], leads: () => true, onFailure: (error: unknown) => failures.push(error) },
    ...{ rest: () => 5, passEverySeconds },
  });
  audit.start();
  return audit;
};
const append = async (key: string, decided: ThingEvent): Promise<bigint> => {
  const headers = { idempotencyKey: undefined, ifMatch: undefined, traceparent: undefined };
  const context = contextOf({ caller: { id: 'alice' }, target: key, headers, now: new Date() });
  const command = { evolution: thingEvolution, key, expects: 'any' as const, body: {}, context };
  return (await installation.engine.runner.execute({ ...command, decide: () => [decided] })).position;
};
const stepped = (by: number): ThingEvent => ({ type: 'ThingStepped', data: { by, owner: 'somebody', remark: 'x' } });
const passed = async (position: bigint): Promise<void> => {
  for (let wait = 0; wait < 10; wait++) if (!(await installation.engine.positions.passed(position)).stale) return;
  throw new Error('the projections do not move');
};
const sql = (text: string): Promise<unknown> => installation.engine.pool.query(text);
const summary = () => readAuditSummary(installation.engine.pool);
type Found = readonly { readonly stream: string; readonly part: string; readonly detail: string }[];
const about = (mismatches: Found, key: string): readonly string[] =>
  mismatches.flatMap(({ stream, part, detail }) => (stream === `thing-${key}` ? [`${part}: ${detail}`] : []));
const found = async (key: string) => about(await readMismatches(installation.engine.pool), key);
const all = async (key: string) => about((await auditAll(auditing(), ['thing'])).mismatches, key);
const isFound = (key: string) => eventually(`${key} is found`, async () => (await found(key)).length > 0);
const things = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) {
    await append(key, stepped(1));
    await append(key, stepped(2));
    await passed(await append(key, { type: 'ThingCorrected', data: { corrects: 0, by: 5 } }));
  }
};

it('finds nothing where nothing is wrong, looks at what changes, and goes on where it was after a restart', async () => {
  await things('a', 'b', 'c');
  start(3600);
  await eventually('a whole pass', async () => (await summary()).wholePassAt !== null);
  expect(await summary()).toMatchObject({ streams: 3, events: 9, mismatches: 0 });
  await audit?.stop();
  await things('d');
  start(3600);
  // What nobody has touched waits for the next pass.
  await eventually('what is new', async () => (await summary()).streams === 4);
  await passed(await append('a', stepped(1)));
  await eventually('what has changed', async () => (await summary()).streams === 5);
  expect(await summary()).toMatchObject({ events: 16, mismatches: 0 });
});

it.each([
  ['row', `row = jsonb_set(row, '{total}', '9')`, 'its row is another'],
  ['column', 'total = 9', 'its row is another'],
  ['revision', 'revision = 1', 'its row is that of revision 1, not 2'],
])('finds a %s that is another, and settles it once it is rebuilt', async (key, change, detail) => {
  await things(key);
  await sql(`update thing_totals_v1 set ${change} where key = '${key}'`);
  start();
  await isFound(key);
  expect(await found(key)).toEqual([`thing-totals: ${detail}`]);
  expect(await all(key)).toEqual([`thing-totals: ${detail}`]);
  const { pool, types } = installation.engine;
  await rebuild(pool, types, [thingProjection(poison)], { build: 'test', startedBy: 'test' });
  await eventually('it is settled', async () => (await found(key)).length === 0);
});

it('finds a row that is missing, and one that has no history', async () => {
  await things('gone');
  await sql(
    `insert into thing_totals_v1 select 'ghost', revision, sequence, row, total from thing_totals_v1 where key = 'gone'`,
  );
  await sql(`delete from thing_totals_v1 where key = 'gone'`);
  start();
  await isFound('gone');
  await isFound('ghost');
  expect(await found('gone')).toEqual(['thing-totals: its row is missing']);
  expect(await found('ghost')).toEqual(['thing-totals: it has a row and should have none']);
});

it('finds versions of a row that are not those of its history', async () => {
  const { pool, types } = installation.engine;
  const projection = { ...thingProjection(poison), temporal: { by: ['total'], carried: ['total'] } };
  await things('then', 'now');
  const follower = new VersionFollower({
    ...{ pool, types, projections: [projection], leads: () => true },
    onFailure: (error) => failures.push(error),
  });
  follower.start();
  const { sequence } = await readProgress(pool);
  await eventually('the versions are there', async () => {
    const at = await readTemporalProgress(pool, projection);
    return at?.builtStream === null && at.sequence >= sequence;
  });
  await follower.stop();
  const audited = async (key: string) =>
    about((await auditStreams(auditing(versionAuditor(types, [projection])), [`thing-${key}`])).mismatches, key);
  expect([await audited('then'), await audited('now')]).toEqual([[], []]);
  // What has come since is not in the versions yet, and not missed in them.
  await passed(await append('now', stepped(3)));
  expect(await audited('now')).toEqual([]);
  await sql(`update thing_totals_v1_versions set total = total + 1 where key = 'then' and valid_to = ${forEver}`);
  const different = ['thing-totals versions: the versions of its row are others'];
  expect(await audited('then')).toEqual(different);
  await sql(`delete from thing_totals_v1_versions where key = 'now'`);
  expect(await audited('now')).toEqual(different);
});

describe('of the documents that words are found in', () => {
  const table = async (): Promise<string> => {
    const [at] = await readGenerations(installation.engine.pool, thingIndex);
    return indexTableOf(thingIndex, at?.keyId ?? '');
  };
  const plant = async (key: string, change: string): Promise<unknown> =>
    sql(`update ${await table()} set ${change} where key = '${key}'`);
  const anotherWord = `terms = terms || '''aaaaaaaa'':1A'`;
  const audited = async (key: string, ...auditors: readonly Auditor[]) =>
    about((await auditStreams(auditing(...auditors), [`thing-${key}`])).mismatches, key);

  it('finds one that is another, says in what, and settles it once it is made anew', async () => {
    const plants = {
      lacking: [`terms = ts_delete(terms, (tsvector_to_array(terms))[1])`, 'its document lacks words'],
      more: [anotherWord, 'its document has words that are not its own'],
      moved: [`terms = setweight(terms, 'B')`, 'words of its document stand elsewhere'],
      owner: [`owner = 'eve'`, 'its document is another'],
      column: [`last_at = now()`, 'its document is another'],
    } as const;
    const keys = Object.keys(plants);
    const streams = keys.map((key) => `thing-${key}`);
    await Promise.all(keys.map((key) => append(key, stepped(1))));
    await things('last');
    await index();
    const compared = async (...auditors: readonly Auditor[]) =>
      (await auditStreams(auditing(...auditors), streams)).mismatches;
    expect(await compared(words())).toEqual([]);
    for (const [key, [change]] of Object.entries(plants)) await plant(key, change);
    // Whoever does not look at words does not see it.
    expect(await compared()).toEqual([]);
    start(0, words());
    for (const [key, [, detail]] of Object.entries(plants)) {
      await isFound(key);
      expect(await found(key)).toEqual([`thing-text: ${detail}`]);
    }
    await Promise.all(keys.map((key) => append(key, stepped(3))));
    await passed(await append('last', stepped(3)));
    await index();
    await eventually('all are settled', async () => (await Promise.all(keys.map(found))).flat().length === 0);
  });

  it('finds one that is missing, and one of a thing that is gone, and settles them under another key', async () => {
    await things('unfound');
    await index();
    const before = await table();
    await sql(`insert into ${before} select 'lost', owner, terms, last_at from ${before} where key = 'unfound'`);
    await sql(`delete from ${before} where key = 'unfound'`);
    start(0, words());
    await isFound('unfound');
    await isFound('lost');
    expect(await found('unfound')).toEqual(['thing-text: its document is missing']);
    expect(await found('lost')).toEqual(['thing-text: it has a document and should have none']);
    await makeNewerKey(installation.engine.keyStore);
    // Whatever serves is audited all the while.
    await index();
    expect(await table()).not.toBe(before);
    await eventually('both are settled', async () => !(await found('unfound')).length && !(await found('lost')).length);
  });

  it('compares a table that has fallen behind as far as it is', async () => {
    await things('late', 'wrong');
    await index();
    await passed(await append('late', stepped(9)));
    await passed(await append('wrong', stepped(9)));
    expect(await audited('late', words())).toEqual([]);
    await plant('wrong', anotherWord);
    expect(await audited('wrong', words())).toEqual(['thing-text: its document has words that are not its own']);
  });

  it('tells of whom no document can be made, and goes on with the others', async () => {
    await things('cannot', 'can');
    await index();
    await plant('can', anotherWord);
    const documentOf: SearchIndex['documentOf'] = (key, events) => {
      if (key === 'cannot') throw new Error('of this one none can be made');
      return thingIndex.documentOf(key, events);
    };
    const auditor = wordAuditor(new IndexRows(installation.engine), [{ ...thingIndex, documentOf }]);
    const { mismatches } = await auditStreams(auditing(auditor), ['thing-cannot', 'thing-can']);
    expect([...about(mismatches, 'cannot'), ...about(mismatches, 'can')]).toEqual([
      'thing-text: no document can be made of its history',
      'thing-text: its document has words that are not its own',
    ]);
  });

  it('misses no words of whoever has no key any more, and all that are there without it', async () => {
    const remark = (text: string): ThingEvent => ({
      type: 'ThingStepped',
      data: { by: 1, owner: 'ada', remark: text },
    });
    await append('forgotten', remark('one'));
    await passed(await append('forgotten', remark('two')));
    await index();
    await installation.engine.keys.destroyPerson('ada');
    expect(await audited('forgotten', words())).toEqual([]);
    // The label is nobody's word.
    await plant('forgotten', `terms = ''`);
    expect(await audited('forgotten', words())).toEqual(['thing-text: its document lacks words']);
  });
});

it('looks again when a table was exchanged under its eyes, and does not when that goes on', async () => {
  await things('seen');
  let [looks, exchanges]: [number, number] = [0, 2];
  const unlucky: Auditor = {
    inTables: async (db) => {
      if (looks++ < exchanges) await db.query('select from a_table_that_has_gone limit 1');
      return [];
    },
  };
  const audited = () => auditStreams(auditing(unlucky), ['thing-seen']);
  expect(await audited()).toMatchObject({ streams: ['thing-seen'], mismatches: [] });
  exchanges = Infinity;
  await expect(audited()).rejects.toMatchObject({ code: '42P01' });
  expect(looks).toBe(6);
});

it('comes back to what an auditor leaves unfinished, and settles nothing of it before', async () => {
  await things('long', 'short');
  let [phase, looks]: ['wrong' | 'unfinished' | 'right', number] = ['wrong', 0];
  const slow: Auditor = {
    elsewhere: (stories) => {
      const has = (stream: string): boolean => stories.some((each) => each.stream === stream);
      if (has('thing-long')) looks++;
      const wrong = { wrong: 'thing-long', unfinished: 'thing-short', right: '' }[phase];
      return Promise.resolve({
        mismatches: has(wrong) ? [{ stream: wrong, part: 'slow', detail: 'x' }] : [],
        unfinished: phase === 'unfinished' ? ['thing-long'] : [],
      });
    },
  };
  const looked = (times: number) => eventually('it is looked at', () => looks >= times);
  start(0, slow);
  await isFound('long');
  phase = 'unfinished';
  await looked(looks + 5);
  const { wholePassAt } = await summary();
  await looked(looks + 5);
  expect([await found('long'), await found('short')]).toEqual([['slow: x'], ['slow: x']]);
  // The pass does not end without it.
  expect((await summary()).wholePassAt).toEqual(wholePassAt);
  phase = 'right';
  await eventually('both are settled', async () => !(await found('long')).length && !(await found('short')).length);
  await eventually('the pass ends', async () => Number((await summary()).wholePassAt) > Number(wholePassAt));
});

it.each([
  ['another', `update event_log set data = jsonb_set(data, '{by}', '9') where stream = $1 and revision = 1`],
  ['missing', `delete from event_log where stream = $1 and revision = 1`],
])('finds a copy in the mirror that is %s', async (what, plant) => {
  const key = `copy-${what}`;
  await things(key);
  await installation.engine.pool.query(plant, [`thing-${key}`]);
  expect(await all(key)).toEqual([`mirror: event 1 is ${what}`]);
  start();
  await isFound(key);
  expect(await found(key)).toEqual([`mirror: event 1 is ${what}`]);
});

it('counts a copy that has no original', async () => {
  await things('copied');
  const { mirrored: before } = await auditAll(auditing(), ['thing']);
  await sql(`insert into event_log (sequence, position, stream, revision, id, type, data, metadata)
    select sequence + 100000, 0, 'thing-none', 0, gen_random_uuid(), type, data, metadata from event_log
    where stream = 'thing-copied' and revision = 0`);
  const { mirrored: after } = await auditAll(auditing(), ['thing']);
  expect(after).toEqual({ events: (before?.events ?? 0) + 1, expected: before?.expected });
});

it('finds an event that was put into the log by others', async () => {
  await things('forged');
  const metadata = { schema: '1', commandId: 'c', actor: 'eve', origin: 'live', prev: '', hash: '' };
  const at = { recordedAt: '2026-01-05T09:00:00.000Z', occurredAt: '2026-01-05T09:00:00.000Z' };
  const event = jsonEvent({
    type: 'ThingStepped',
    data: { by: 100, owner: 'eve', remark: 'x' },
    metadata: { ...metadata, ...at },
  });
  await installation.engine.store.client.appendToStream('thing-forged', [event]);
  await passed(await append('other', stepped(1)));
  expect(await all('forged')).toEqual(['chain: the prev of event 3 does not fit']);
});

it('takes a case that stands still for what it is', async () => {
  await things('still');
  await append('still', stepped(poison));
  await passed(await append('still', stepped(1)));
  expect(await all('still')).toEqual([]);
});

it('reports nothing that is not so while the log goes on', async () => {
  const { streams: before } = await summary();
  start(0, words());
  const following = indexer();
  following.start();
  const keys = ['w', 'x', 'y', 'z'];
  const seen: string[] = [];
  for (let round = 0; round < 60; round++) {
    await Promise.all(keys.map((key) => append(key, stepped(round % 10))));
    following.nudge();
    if (round === 30) await makeNewerKey(installation.engine.keyStore);
    if (round % 9 === 0) await append('w', { type: 'ThingCorrected', data: { corrects: 0, by: round } });
    const mismatches = await readMismatches(installation.engine.pool);
    for (const key of keys) seen.push(...about(mismatches, key));
  }
  await eventually('they are looked at', async () => (await summary()).streams > before + 20);
  await following.stop();
  expect(seen).toEqual([]);
});

it('survives connections that are cut at any moment, and goes on', async () => {
  await things('cut');
  start();
  // By a connection of its own: the pool's may be cut under the one who cuts.
  const cutter = new Client(installation.engine.pool.options);
  await cutter.connect();
  for (let round = 0; round < 30; round++)
    await cutter.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and datname = current_database() and backend_type = 'client backend'`);
  await cutter.end();
  const streams = (): Promise<number | undefined> =>
    summary().then(
      (seen) => seen.streams,
      () => undefined,
    );
  await eventually('the pool is whole again', async () => (await streams()) !== undefined);
  const { streams: before } = await summary();
  await eventually('it goes on', async () => ((await streams()) ?? before) > before);
  // What was cut was told, and nothing else.
  const ofConnections = ['the database cannot be reached', 'the database is shutting down or starting'];
  for (const failure of failures.splice(0)) expect(ofConnections).toContain(troubleOf(failure).what);
});
