import { readStopped } from '../../libs/eventing/following/stopped-streams.adapter';
import { decode } from '../../libs/eventing/projections/decoding';
import { readStreams } from '../../libs/eventing/projections/projection-store.adapter';
import { AnyProjection } from '../../libs/eventing/projections/projection';
import { whenBuilt } from '../../libs/eventing/projections/versions.adapter';
import { foldVersions } from '../../libs/eventing/temporal/row-versions';
import { VersionFollower } from '../../libs/eventing/temporal/version-follower';
import { forEver, readTemporalProgress, versionTableOf } from '../../libs/eventing/temporal/version-store.adapter';
import { seeded } from '../bench/case-shapes';
import { eventually } from '../faults/harness/eventually';
import { openInstallation, TestInstallation } from '../support/stores';
import { thingProjection, thingTypes } from './thing';

const keys = 300;
const temporal = (...poison: Parameters<typeof thingProjection>) => ({
  ...thingProjection(...poison),
  temporal: { by: ['total'], carried: ['total'] },
});

let installation: TestInstallation;
const failures: unknown[] = [];
const random = seeded(11);
const revisions = new Map<string, number>();
let sequence = 0;

beforeAll(async () => {
  installation = await openInstallation(thingTypes());
}, 60_000);
afterAll(() => installation.stop(), 30_000);
afterEach(() => expect(failures.splice(0)).toEqual([]));

/** Events of many things in any order, a tenth of them corrections, dated up to a minute off. */
const log = async (count: number): Promise<void> => {
  const events = Array.from({ length: count }, () => {
    const stream = `thing-${Math.floor(random() * keys)}`;
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const corrects = revision > 0 && random() < 0.1;
    const at = new Date(Date.UTC(2026, 0, 5) + ++sequence * 1000 + Math.floor(random() * 60_000)).toISOString();
    const metadata = {
      ...{ schema: '1', commandId: 'c', actor: 'a', origin: 'live', prev: '', hash: '' },
      occurredAt: at,
    };
    return {
      ...{ sequence, stream, revision, type: corrects ? 'ThingCorrected' : 'ThingStepped' },
      data: corrects ? { corrects: 0, by: 7 } : { by: Math.floor(random() * 4), owner: 'o', remark: 'x' },
      metadata: { ...metadata, recordedAt: at },
    };
  });
  await installation.engine.pool.query(
    `insert into event_log (sequence, position, stream, revision, id, type, data, metadata)
     select sequence, sequence, stream, revision, gen_random_uuid(), type, data, metadata from json_to_recordset($1::json)
       as r(sequence bigint, stream text, revision integer, type text, data jsonb, metadata jsonb)`,
    [JSON.stringify(events)],
  );
  await installation.engine.pool.query(`update projection_progress set position = $1, sequence = $1`, [sequence]);
};

const followed = async (until: () => Promise<boolean>, ...projections: AnyProjection[]): Promise<void> => {
  const { pool, types } = installation.engine;
  const follower = new VersionFollower({
    ...{ pool, types, projections: projections.length ? projections : [temporal()], leads: () => true },
    onFailure: (error) => failures.push(error),
  });
  follower.start();
  await eventually('the versions are there', until);
  await follower.stop();
};
const progress = (projection = temporal()) => readTemporalProgress(installation.engine.pool, projection);
const isUpToDate = async (projection = temporal()): Promise<boolean> => {
  const at = await progress(projection);
  return at?.builtStream === null && at.sequence === sequence;
};

const stored = async (projection = temporal()): Promise<readonly string[]> => {
  const { rows } = await installation.engine.pool.query<{ version: string }>(
    `select concat_ws(' ', key, axis, valid_from, valid_to, level, total) as version from ${versionTableOf(projection)} order by 1`,
  );
  return rows.map(({ version }) => version);
};
const levelIn = (from: number, to: number): number => (to === Infinity ? 63 : Math.floor(Math.log2(to - from)));
const expected = async (projection = temporal()): Promise<readonly string[]> => {
  const { pool, types } = installation.engine;
  const versions: string[] = [];
  for (const stream of revisions.keys()) {
    const key = stream.slice('thing-'.length);
    for (const { axis, from, to, columns } of foldVersions(
      projection,
      key,
      decode(types, await readStreams(pool, [stream])),
    ).versions)
      versions.push(
        [key, axis, from, to === Infinity ? forEver : to, levelIn(from, to), columns['total']].map(String).join(' '),
      );
  }
  return versions.sort();
};

it('are those of the whole log, when their building was broken off and when it went on', async () => {
  await log(11_000);
  await followed(async () => !['', undefined, null].includes((await progress())?.builtStream));
  expect((await stored()).length).toBeLessThan((await expected()).length);
  await log(500);
  await followed(() => isUpToDate());
  expect(await stored()).toEqual(await expected());
}, 120_000);

it('follow what comes, corrections of long ago included', async () => {
  for (let round = 0; round < 4; round++) {
    await log(700);
    await followed(() => isUpToDate());
  }
  expect(await stored()).toEqual(await expected());
}, 120_000);

it.each([[[3]], [[undefined, 3]]] as const)(
  'end where a case stands still, and go on with a build that can fold it: %p',
  async (poison) => {
    await log(400);
    await followed(() => isUpToDate(), temporal(...poison));
    const { pool } = installation.engine;
    expect((await readStopped(pool, versionTableOf(temporal()))).length).toBeGreaterThan(0);
    expect(await stored()).not.toEqual(await expected());
    await followed(async () => (await readStopped(pool, versionTableOf(temporal()))).length === 0);
    expect(await stored()).toEqual(await expected());
  },
  120_000,
);

it('of a table that comes later are built beside those that there are, until both are followed together', async () => {
  const later = { ...temporal(), version: 2 };
  await log(300);
  await followed(async () => (await isUpToDate()) && (await isUpToDate(later)), temporal(), later);
  await log(300);
  await followed(async () => (await isUpToDate()) && (await isUpToDate(later)), temporal(), later);
  for (const projection of [temporal(), later]) expect(await stored(projection)).toEqual(await expected());
}, 120_000);

it('would be seen to differ', async () => {
  await installation.engine.pool.query(
    `update thing_totals_v1_versions set valid_to = valid_to + 1 where ctid = (select min(ctid) from thing_totals_v1_versions)`,
  );
  expect(await stored()).not.toEqual(await expected());
});

it('keeps a start waiting until the tables are built, and no longer than it may', async () => {
  const { pool } = installation.engine;
  const projection = { ...thingProjection(), version: 9_001 };
  let isBuilt = false;
  const found = whenBuilt(pool, [projection], 30_000).then(() => isBuilt);
  await pool.query('select pg_sleep(0.2)');
  isBuilt = true;
  await pool.query(`insert into projection_version (name, version, followed, sequence) values ($1, $2, false, 0)`, [
    projection.name,
    projection.version,
  ]);
  expect(await found).toBe(true);
  await whenBuilt(pool, [{ ...projection, version: 9_002 }], 60);
});
