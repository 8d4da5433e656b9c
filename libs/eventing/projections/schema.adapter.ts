import { Queryable } from './projection-store.adapter';

/**
 * The tables that belong to no single projection, and how older ones become today's.
 *
 * Steps are for ever: one that was released is never edited, a change is a further step. Each runs once, in a transaction.
 */
const partitionEvents = 2_000_000;

const steps: readonly string[] = [
  `create table if not exists event_log (
     sequence bigint primary key, position bigint not null unique, stream text not null, revision integer not null,
     id uuid not null, type text not null, data jsonb not null, metadata jsonb not null, unique (stream, revision));
   create table if not exists projection_progress (
     name text primary key, position bigint not null, sequence bigint not null, epoch bigint not null,
     updated_at timestamptz not null);
   create table if not exists projection_built (name text, version integer, primary key (name, version));
   create table if not exists projection_quarantine (
     projection text, key text, revision integer not null, sequence bigint not null, event_id uuid not null,
     error text not null, since timestamptz not null default now(), primary key (projection, key));
   create table if not exists process_progress (name text primary key, sequence bigint not null);
   insert into projection_progress values ('main', -1, 0, 0, now()) on conflict do nothing`,

  // The mirror in partitions: what was there becomes the first of them, without a copy.
  `alter table event_log rename to event_log_1;
   alter table event_log_1 rename constraint event_log_pkey to event_log_1_pkey;
   alter table event_log_1 drop constraint event_log_position_key, drop constraint event_log_stream_revision_key,
     add column generation integer not null default 1;
   create table event_log (
     sequence bigint not null, generation integer not null default 1, position bigint not null, stream text not null,
     revision integer not null, id uuid not null, type text not null, data jsonb not null, metadata jsonb not null,
     primary key (sequence)) partition by range (sequence);
   create index event_log_position on event_log (position);
   create index event_log_stream on event_log (stream, revision);
   create table event_log_partition (first_sequence bigint primary key, end_sequence bigint not null);
   insert into event_log_partition select 1,
     1 + ${partitionEvents} * (1 + coalesce(max(sequence), 0) / ${partitionEvents}) from event_log_1;
   do $$ begin execute format('alter table event_log attach partition event_log_1 for values from (1) to (%s)',
     (select end_sequence from event_log_partition)); end $$`,

  // Which tables there are, who keeps them, and what rebuilds have done.
  `create table projection_version (
     name text, version integer, followed boolean not null, sequence bigint not null,
     built_at timestamptz not null default now(), primary key (name, version));
   insert into projection_version (name, version, followed, sequence)
     select b.name, b.version, true, p.sequence from projection_built b cross join projection_progress p;
   drop table projection_built;
   alter table projection_quarantine add column version integer not null default 1,
     drop constraint projection_quarantine_pkey, add primary key (projection, version, key);
   create table projection_rebuild (
     id uuid primary key, targets text not null, build text not null, started_by text not null, started_at timestamptz not null default now(),
     started_sequence bigint not null, cursor_stream text not null default '', cursor_revision integer not null default -1,
     events bigint not null default 0, reached bigint, finished_at timestamptz, report jsonb,
     recorded boolean not null default false);
   create table projection_rebuild_failure (
     rebuild uuid references projection_rebuild on delete cascade, projection text, key text, revision integer not null,
     sequence bigint not null, event_id uuid not null, error text not null, primary key (rebuild, projection, key))`,

  // Instants of the log, see RecordedTime; what the self-audit has seen, see SelfAudit.
  `create table if not exists event_log_mark (sequence bigint primary key, recorded_at text collate "C" not null);
   create index if not exists event_log_mark_recorded on event_log_mark (recorded_at, sequence);
   create table audit_cursor (name text primary key, position bigint not null);
   create table audit_pass (finished_at timestamptz primary key);
   create table audit_hour (hour timestamptz primary key, streams bigint not null, events bigint not null);
   create table audit_mismatch (
     stream text, part text, detail text not null, found_at timestamptz not null default now(), primary key (stream, part))`,

  // How far the versions of rows are, see VersionFollower.
  `create table temporal_progress (name text primary key, sequence bigint not null, built_stream text);
   create table temporal_stopped (name text, stream text, primary key (name, stream))`,

  // Up to which instant all that was recorded has been read.
  `alter table projection_progress add column as_of timestamptz`,

  // Which indexes of words there are, under which key, and how far they are; see SearchIndexer.
  `create table search_generation (
     name text, version integer, key_id text, sequence bigint not null, built_stream text, serving boolean not null default false,
     primary key (name, version, key_id))`,

  // Parts of a rebuild, see rebuild-parts.adapter.ts.
  `delete from projection_rebuild where finished_at is null;
   alter table projection_rebuild drop column cursor_stream, drop column cursor_revision, drop column events;
   create table projection_rebuild_part (
     rebuild uuid references projection_rebuild on delete cascade, part integer, cursor_stream text not null,
     cursor_revision integer not null, end_stream text, events bigint not null default 0, is_done boolean not null default false,
     primary key (rebuild, part))`,

  // Where processes have left a stream, see ProcessRunner.
  `create table process_held (
     process text, stream text, sequence bigint not null, event_id uuid not null, error text not null,
     since timestamptz not null default now(), primary key (process, stream))`,
];

/** Makes the tables that are not there yet. Several processes may start at once. */
export const prepareTables = async (db: Queryable): Promise<void> => {
  await db.query(`begin; select pg_advisory_xact_lock(hashtext('casefold/schema'));
    create table if not exists schema_step (step integer primary key, at timestamptz not null default now()); commit`);
  for (const [step, sql] of steps.entries())
    await db.query(`
      begin; select pg_advisory_xact_lock(hashtext('casefold/schema'));
      do $casefold$ begin
        if not exists (select from schema_step where step = ${step}) then
          ${nested(sql)};
          insert into schema_step values (${step});
        end if;
      end $casefold$;
      commit`);
};

/** Statements inside a PL/pgSQL block are planned when they run, so that a step may use what it has just made. */
const nested = (sql: string): string => `execute $step$ ${sql} $step$`;

/** Adds a partition before it is needed, so that no batch waits for one. @returns the sequence from which the next is needed */
export const ensurePartition = async (db: Queryable, sequence: number): Promise<number> => {
  const { rows } = await db.query<{ end: string }>(`select max(end_sequence) as "end" from event_log_partition`);
  const from = Number(rows[0]?.end);
  const needed = from - partitionEvents / 2;
  if (sequence < needed) return needed;
  await db.query(`begin;
    create table event_log_${from} (like event_log including defaults including indexes);
    alter table event_log attach partition event_log_${from} for values from (${from}) to (${from + partitionEvents});
    insert into event_log_partition values (${from}, ${from + partitionEvents});
    commit`);
  return ensurePartition(db, sequence);
};
