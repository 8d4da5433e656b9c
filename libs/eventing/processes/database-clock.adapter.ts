import { prepared } from '../projections/prepared';
import { Queryable } from '../projections/projection-store.adapter';
import { Clock } from './timer-runner';

/** The one clock that all workers of an installation share, however wrong their own are. Those who ask at once share an answer. */
export const databaseClock = (db: Queryable): Clock => {
  let asking: Promise<Date> | undefined;
  return () => (asking ??= timeOf(db).finally(() => (asking = undefined)));
};

const timeOf = async (db: Queryable): Promise<Date> => {
  const { rows } = await db.query<{ now: Date }>(prepared('select clock_timestamp() as now'));
  if (!rows[0]) throw new Error('the database does not tell the time');
  return rows[0].now;
};
