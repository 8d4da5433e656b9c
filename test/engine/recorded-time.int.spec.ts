import { RecordedTime } from '../../libs/eventing/projections/recorded-time.query';
import { seeded } from '../bench/case-shapes';
import { openInstallation, TestInstallation } from '../support/stores';
import { thingTypes } from './thing';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation(thingTypes());
}, 60_000);
afterAll(() => installation.stop(), 30_000);

const startsAt = Date.UTC(2026, 0, 5, 9);
const iso = (milliseconds: number): string => new Date(startsAt + milliseconds).toISOString();
const random = seeded(7);

/** Stamps as several servers' clocks give them, with steps back, ties, and some that are none. */
const stamps = Array.from({ length: 4_700 }, (_, index): unknown => {
  const kind = random();
  if (kind < 0.01) return 'yesterday';
  if (kind < 0.02) return undefined;
  if (kind < 0.03) return '9999-12-31T23:59:59.999Z';
  return iso(index * 10 + Math.floor(random() * 200) - 100);
});
const isStamp = (stamp: unknown): stamp is string => typeof stamp === 'string' && /^2026-/.test(stamp);

const log = async (from: number, to: number): Promise<void> => {
  const events = stamps.slice(from, to).map((recordedAt, index) => ({
    ...{
      sequence: from + index + 1,
      position: from + index + 1,
      stream: `thing-${from + index}`,
      metadata: { recordedAt },
    },
  }));
  await installation.engine.pool.query(
    `insert into event_log (sequence, position, stream, revision, id, type, data, metadata)
     select sequence, position, stream, 0, gen_random_uuid(), 'ThingStepped', '{}', metadata
     from json_to_recordset($1::json) as r(sequence bigint, position bigint, stream text, metadata jsonb)`,
    [JSON.stringify(events)],
  );
  await installation.engine.pool.query(`update projection_progress set position = $1, sequence = $1`, [to]);
};

/** By the definition: what comes before the first that was recorded later. */
const cutAt = (logged: number, instant: string): number => {
  const later = stamps.slice(0, logged).findIndex((stamp) => isStamp(stamp) && stamp > instant);
  return later < 0 ? logged : later;
};
const highest = (sequence: number): string | undefined =>
  stamps
    .slice(0, sequence)
    .filter(isStamp)
    .reduce<string | undefined>((high, stamp) => (high !== undefined && high > stamp ? high : stamp), undefined);

it('finds the sequence of an instant and the instant of a sequence, whatever stamps the log holds', async () => {
  const time = new RecordedTime(installation.engine.pool);
  for (const [from, to] of [
    [0, 300],
    [300, 2_400],
    [2_400, stamps.length],
  ] as const) {
    await log(from, to);
    for (let tries = 0; tries < 40; tries++) {
      const instant = iso(Math.floor(random() * (to + 20) * 10) - 100);
      expect([instant, await time.sequenceAt(instant)]).toEqual([instant, cutAt(to, instant)]);
      const sequence = Math.floor(random() * (to + 1));
      expect([sequence, await time.instantAt(sequence)]).toEqual([sequence, highest(sequence)]);
    }
  }
  const { rows } = await installation.engine.pool.query('select sequence::int from event_log_mark order by sequence');
  expect(rows.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1000, 2000, 3000, 4000]);
});
