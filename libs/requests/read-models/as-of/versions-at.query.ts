import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { Unavailable } from '../../../eventing/failures';
import { Cut } from '../../../eventing/projections/as-of';
import { AnyProjection } from '../../../eventing/projections/projection';
import { readProgress } from '../../../eventing/projections/projection-store.adapter';
import { lastingLevel } from '../../../eventing/temporal/row-versions';
import { readTemporalProgress, versionTableOf } from '../../../eventing/temporal/version-store.adapter';

/**
 * Finds the versions of rows that hold at a point of the past.
 *
 * A version that holds at a point begins within twice its own length before it, so that for each length a stretch of the index is read,
 * about twice as long as the population was then.
 */
const waitMillisecondsMax = 2_000;
const lookEveryMilliseconds = 20;
// Longer than this power of two of milliseconds lasts nothing that has ended.
const levelsMax = 52;

const levels = [...Array.from({ length: levelsMax + 1 }, (_, level) => level), lastingLevel];

const earliestOf = (point: number): readonly string[] => [
  ...Array.from({ length: levelsMax + 1 }, (_, level) => String(BigInt(point) - 2n ** BigInt(level + 1))),
  String(-(2n ** 63n)),
];

/** The values of `$1` to `$4` of `holding`. */
export const pointValues = (cut: Cut): readonly unknown[] => {
  const point = cut.meaning === 'recorded' ? cut.sequence : cut.instant;
  return [levels, earliestOf(point), cut.meaning, point];
};

// Each length has its own stretch of the index. Left to itself the planner joins lengths and versions the other way round, and so reads all
// that ever began before the point: whatever has an offset stays a query of its own.
const eachByItself = 'offset 0';

/**
 * SQL of the versions `q` that hold at a point.
 * @param wanted `from` items that give what is looked for @param select columns of `q` @param conditions on `q`, each beginning with `and`
 */
export const holding = (projection: AnyProjection, select: string, wanted: string, conditions: string): string => `
  select held.* from ${wanted} cross join unnest($1::smallint[], $2::bigint[]) as c (wanted_level, earliest)
  cross join lateral (
    select ${select} from ${versionTableOf(projection)} q
    where q.axis = $3 and q.level = wanted_level and q.valid_from > earliest and q.valid_from <= $4
      and q.valid_to > $4 ${conditions} ${eachByItself}) as held`;

/**
 * Waits until the versions are there. What was recorded up to a sequence must be; what was true is told as far as is known.
 * @returns whether the newest corrections may not be in them yet @throws Unavailable while they are not there at all
 */
export const versionsReach = async (pool: Pool, projection: AnyProjection, cut: Cut): Promise<boolean> => {
  const wanted = cut.meaning === 'recorded' ? cut.sequence : (await readProgress(pool)).sequence;
  const deadline = performance.now() + waitMillisecondsMax;
  for (;;) {
    const progress = await readTemporalProgress(pool, projection);
    const isBuilt = progress?.builtStream === null;
    if (isBuilt && progress.sequence >= wanted) return false;
    if (performance.now() < deadline) await wait(lookEveryMilliseconds);
    else if (isBuilt && cut.meaning === 'true') return true;
    else throw new Unavailable('not-done', `the versions of ${projection.name} are being built`);
  }
};
