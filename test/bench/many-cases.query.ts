import { Client } from 'pg';
import { ensurePartition } from '../../libs/eventing/projections/schema.adapter';

/** The mirror of a log with many cases, made by the database from that of a few: nobody could give so many commands in the time. */
const copiesPerStatement = 20;
/** Each copy of a case begins at another time of another day. */
const hoursApart = 7;
const daysBack = 600;

const templatesSql = `
  create temporary table bench_template as
  select row_number() over (order by sequence) as place, stream, revision, type, data, metadata, sequence
  from event_log where stream like 'request-%'`;

const copySql = `
  insert into event_log (sequence, position, stream, revision, id, type, data, metadata)
  select $1 + row_number() over (order by copy, place), $1 + row_number() over (order by copy, place),
    stream || '-' || copy, revision, gen_random_uuid(), type, data,
    metadata || jsonb_build_object('occurredAt', to_char((metadata->>'occurredAt')::timestamptz at time zone 'utc'
      - make_interval(hours => (copy * $4::int) % ($5::int * 24)), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  from bench_template, generate_series($2::int, $3::int) copy
  order by copy, place`;

/** @param db of an installation that nobody works on: its mirror is no longer that of its log @returns cases there are then */
export const copyCases = async (db: Client, cases: number): Promise<number> => {
  await db.query(templatesSql);
  const { rows } = await db.query<{ cases: string; last: string }>(
    `select count(distinct stream) as cases, (select max(sequence) from event_log) as last from bench_template`,
  );
  const templates = Number(rows[0]?.cases);
  let [last, copy] = [Number(rows[0]?.last), 1];
  for (const copies = Math.ceil(cases / templates) - 1; copy <= copies; copy += copiesPerStatement) {
    await ensurePartition(db, last);
    const upTo = Math.min(copies, copy + copiesPerStatement - 1);
    const { rowCount } = await db.query(copySql, [last, copy, upTo, hoursApart, daysBack]);
    last += rowCount ?? 0;
  }
  await db.query('drop table bench_template');
  await db.query('analyze event_log');
  return templates * Math.ceil(cases / templates);
};

/** How long the database alone takes to look at everything once. */
export const scanSeconds = async (db: Client): Promise<number> => {
  const began = performance.now();
  await db.query(`select count(*) from event_log where metadata->>'occurredAt' > '2000'`);
  return (performance.now() - began) / 1000;
};
