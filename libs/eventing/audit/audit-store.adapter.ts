import { Queryable } from '../projections/projection-store.adapter';
import { Audited } from './audit-streams.adapter';
import { Mismatch } from './auditor';

/** What the audits have seen so far, kept beside the read models: losing it means looking again. */
const mismatchesShownMax = 100;

/** `recent` follows the head of the log, `pass` goes through all of it again and again. */
export type AuditCursor = 'recent' | 'pass';

export const readAuditCursor = async (db: Queryable, name: AuditCursor): Promise<bigint | undefined> => {
  const { rows } = await db.query<{ position: string }>(`select position from audit_cursor where name = $1`, [name]);
  return rows[0] && BigInt(rows[0].position);
};

export const writeAuditCursor = async (db: Queryable, name: AuditCursor, position: bigint): Promise<void> => {
  await db.query(
    `insert into audit_cursor values ($1, $2) on conflict (name) do update set position = excluded.position`,
    [name, position],
  );
};

/** Goes back to the beginning of the log. */
export const finishPass = async (db: Queryable): Promise<void> => {
  await db.query(`with whole as (delete from audit_cursor where name = 'pass'),
      old as (delete from audit_pass where finished_at < now() - interval '30 days')
    insert into audit_pass values (now()) on conflict do nothing`);
};

/** Whether a pass is under way, or the last one ended long enough ago. */
export const passIsDue = async (db: Queryable, everySeconds: number): Promise<boolean> => {
  const { rows } = await db.query<{ due: boolean }>(
    `select exists (select from audit_cursor where name = 'pass')
       or not exists (select from audit_pass where finished_at > now() - make_interval(secs => $1)) as due`,
    [everySeconds],
  );
  return rows[0]?.due === true;
};

/** Notes what an audit found, and that what it did not find any more of streams that it has looked at whole is settled. */
export const recordAudit = async (db: Queryable, { streams, events, mismatches }: Audited): Promise<void> => {
  if (!streams.length && !mismatches.length) return;
  await db.query(
    `with hour as (
       insert into audit_hour values (date_trunc('hour', now()), $1, $2)
       on conflict (hour) do update set streams = audit_hour.streams + excluded.streams, events = audit_hour.events + excluded.events),
     old as (delete from audit_hour where hour < now() - interval '30 days'),
     found as (select * from json_to_recordset($3::json) as r(stream text, part text, detail text)),
     settled as (
       delete from audit_mismatch m where m.stream = any($4)
         and not exists (select from found f where f.stream = m.stream and f.part = m.part))
     insert into audit_mismatch (stream, part, detail) select stream, part, detail from found
     on conflict (stream, part) do update set detail = excluded.detail`,
    [streams.length, events, JSON.stringify(mismatches), streams],
  );
};

export interface FoundMismatch extends Mismatch {
  readonly foundAt: Date;
}

export const readMismatches = async (db: Queryable): Promise<readonly FoundMismatch[]> => {
  const { rows } = await db.query<FoundMismatch>(
    `select stream, part, detail, found_at as "foundAt" from audit_mismatch order by found_at, stream, part limit $1`,
    [mismatchesShownMax],
  );
  return rows;
};

export interface AuditSummary {
  /** In the last 24 hours; a stream that was looked at twice counts twice. */
  readonly streams: number;
  readonly events: number;
  readonly mismatches: number;
  /** Of the last pass through the whole log; null before the first has ended. */
  readonly wholePassAt: Date | null;
}

export const readAuditSummary = async (db: Queryable): Promise<AuditSummary> => {
  const { rows } = await db.query<{ streams: string; events: string; mismatches: string; wholePassAt: Date | null }>(
    `select coalesce(sum(streams), 0) as streams, coalesce(sum(events), 0) as events,
       (select count(*) from audit_mismatch) as mismatches, (select max(finished_at) from audit_pass) as "wholePassAt"
     from audit_hour where hour > now() - interval '24 hours'`,
  );
  const { streams = '0', events = '0', mismatches = '0', wholePassAt = null } = rows[0] ?? {};
  return { streams: Number(streams), events: Number(events), mismatches: Number(mismatches), wholePassAt };
};

/** Streams of events taken at random: a long history is taken sooner than a short one. */
export const randomStreams = async (db: Queryable, count: number): Promise<readonly string[]> => {
  const { rows } = await db.query<{ stream: string }>(
    `with picked as (
       select distinct floor(1 + random() * (select sequence from projection_progress where name = 'main'))::bigint as sequence
       from generate_series(1, $1))
     select distinct stream from event_log join picked using (sequence) order by stream limit $1`,
    [count],
  );
  return rows.map(({ stream }) => stream);
};

/** Events in the mirror up to a position of the log. */
export const countLogged = async (db: Queryable, position: bigint): Promise<number> => {
  const { rows } = await db.query<{ events: string }>(`select count(*) as events from event_log where position <= $1`, [
    position,
  ]);
  return Number(rows[0]?.events);
};
