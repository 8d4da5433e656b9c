import { Client } from 'pg';

/**
 * The queue folded by one hand-written statement, for comparison with a rebuild. It knows nothing of service levels: the
 * calendars that give a case its due instant cannot be said in SQL.
 */
const statements = [
  `drop table if exists bench_queue`,
  `create table bench_queue as
   select substr(stream, length('request-') + 1) as key, max(revision) as revision, max(sequence) as sequence,
     coalesce((array_agg(
       case type when 'RequestHeld' then 'held' when 'RequestResolved' then 'resolved' when 'RequestClosed' then 'closed'
         when 'RequestCancelled' then 'cancelled' else 'open' end order by revision desc)
       filter (where type in ('RequestOpened', 'RequestHeld', 'RequestResumed', 'RequestReopened', 'RequestResolved',
         'RequestClosed', 'RequestCancelled')))[1], 'open') as status,
     (array_agg(data ->> 'priority' order by revision desc) filter (where data ? 'priority'))[1] as priority,
     (array_agg(data -> 'subject' order by revision desc) filter (where type = 'RequestOpened'))[1] as subject,
     (array_agg(data ->> 'customer' order by revision desc) filter (where type = 'RequestOpened'))[1] as customer,
     (array_agg(data ->> 'team' order by revision desc) filter (where type in ('RequestOpened', 'RequestAssigned')))[1] as team,
     (array_agg(data ->> 'assignee' order by revision desc) filter (where type = 'RequestAssigned'))[1] as assignee,
     coalesce((array_agg(data ->> 'to' order by revision desc) filter (where type = 'RequestEscalated'))[1], 'L1') as level,
     (array_agg(metadata ->> 'occurredAt' order by revision) filter (where type = 'RequestOpened'))[1] as opened_at
   from event_log where stream like 'request-%' group by stream`,
  `alter table bench_queue add primary key (key)`,
  `create index on bench_queue (status, priority, key)`,
  `create index on bench_queue (team, status, priority, key)`,
  `create index on bench_queue (assignee, status, priority, key)`,
];

export const foldQueueByHand = async (db: Client): Promise<void> => {
  for (const statement of statements) await db.query(statement);
  await db.query('drop table bench_queue');
};

export const countLogged = async (db: Client): Promise<number> => {
  const { rows } = await db.query<{ events: string }>('select count(*) as events from event_log');
  return Number(rows[0]?.events ?? 0);
};

/** Gives Emmett's event store the oldest events of our cases, as it would have written them itself. @returns how many */
export const copyToEmmett = async (db: Client, eventsMax: number): Promise<number> => {
  const { rowCount } = await db.query(
    `insert into emt_messages (stream_position, global_position, transaction_id, stream_id, message_schema_version,
       message_id, message_type, message_data, message_metadata)
     select revision + 1, sequence, pg_current_xact_id(), stream, '1', id, type, data, metadata
     from event_log where stream like 'request-%' order by sequence limit $1`,
    [eventsMax],
  );
  return rowCount ?? 0;
};
