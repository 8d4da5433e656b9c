import { Queryable } from '../projections/projection-store.adapter';
import { Clock } from './timer-runner';

/** The one clock that all workers of an installation share, however wrong their own are. */
export const databaseClock =
  (db: Queryable): Clock =>
  async () => {
    const { rows } = await db.query<{ now: Date }>('select clock_timestamp() as now');
    if (!rows[0]) throw new Error('the database does not tell the time');
    return rows[0].now;
  };
