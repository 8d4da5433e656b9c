import { DueKey } from '../../../eventing/processes/timer-runner';
import { tableOf } from '../../../eventing/projections/projection';
import { Queryable } from '../../../eventing/projections/projection-store.adapter';
import { serviceLevelsProjection } from '../../read-models/service-levels/service-levels.projection';

/** Cases by their next timer; each look is one step into the index. */
const served = tableOf(serviceLevelsProjection);

export const dueTimers = async (
  db: Queryable,
  now: Date,
  after: DueKey | undefined,
  keysMax: number,
  table = served,
): Promise<readonly DueKey[]> => {
  const { rows } = await db.query<DueKey>(
    `select key, timer_at as at from ${table} where timer_at <= $1 and (timer_at, key) > ($2, $3)
     order by timer_at, key limit $4`,
    [now, after?.at ?? '-infinity', after?.key ?? '', keysMax],
  );
  return rows;
};

export const nextTimer = async (db: Queryable, table = served): Promise<Date | undefined> => {
  const { rows } = await db.query<{ at: Date }>(
    `select timer_at as at from ${table} where timer_at < 'infinity' order by timer_at, key limit 1`,
  );
  return rows[0]?.at;
};
