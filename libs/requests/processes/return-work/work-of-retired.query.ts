import { Pool } from 'pg';
import { DueKey } from '../../../eventing/processes/timer-runner';
import { tableOf } from '../../../eventing/projections/projection';
import { staffProjection } from '../../read-models/directory/staff.projection';
import { queueProjection } from '../../read-models/queue/queue.projection';

/**
 * What is still to do and stands with people who work here no more, by when they went. Keys are `number staff`. Of one who has more
 * than `casesMax` the others come once these are given back. As long as nobody is retired it costs one step into an index.
 */
export const workOfRetired = async (
  pool: Pool,
  after: DueKey | undefined,
  casesMax: number,
): Promise<readonly DueKey[]> => {
  const { rows } = await pool.query<DueKey>({
    name: 'work-of-retired',
    text: `
      select q.key || ' ' || s.key as key, s.retired_at as at
      from ${tableOf(staffProjection)} s cross join lateral (
        select q.key from ${tableOf(queueProjection)} q where q.assignee = s.key and q.status in ('open', 'held')
        order by q.status, q.priority, q.due_at, q.key limit $3) q
      where s.retired_at is not null
        and (s.retired_at, q.key || ' ' || s.key) > (coalesce($1::timestamptz, '-infinity'), $2)
      order by s.retired_at, q.key || ' ' || s.key limit $3`,
    values: [after?.at ?? null, after?.key ?? '', casesMax],
  });
  return rows;
};
