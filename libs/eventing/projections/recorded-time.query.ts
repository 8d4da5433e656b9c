import { Pool } from 'pg';
import { readProgress } from './projection-store.adapter';

/**
 * Which sequence an instant stands for: the last before anything was recorded later than it.
 *
 * Guarantee: nothing recorded after the instant is before the cut, and an instant's cut never moves once something later has been
 * recorded. Clocks of servers differ, so that the log's instants step back now and then: what stands behind a later event counts
 * as recorded together with it. A stamp from the future of whoever marks it is no stamp.
 *
 * Marks, one every thousand events, keep the highest instant so far, so that no question reads more than a few thousand events.
 */
const eventsPerMark = 1_000;
const marksPerStatement = 50;
const stamp = `(case when metadata ->> 'recordedAt' ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' then metadata ->> 'recordedAt' end) collate "C"`;
const now = `to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const lastMarkSql = `select sequence from event_log_mark order by sequence desc limit 1`;

const extendSql = `
  with last as (select coalesce(max(sequence), 0) as sequence, coalesce(max(recorded_at), '') as recorded_at from event_log_mark),
  stamped as (
    select e.sequence, ${stamp} as recorded_at from event_log e, last
    where e.sequence > last.sequence and e.sequence <= least(last.sequence + $1::bigint * $2, ($3::bigint / $2) * $2)),
  blocks as (
    select (sequence + $2 - 1) / $2 * $2 as sequence, max(recorded_at) filter (where recorded_at <= ${now}) as recorded_at
    from stamped group by 1)
  insert into event_log_mark
  select b.sequence, greatest(last.recorded_at, max(b.recorded_at) over (order by b.sequence)) from blocks b, last
  order by b.sequence
  on conflict do nothing`;

const cutSql = `
  select e.sequence from event_log e
  where e.sequence > coalesce((select m.sequence from event_log_mark m where m.recorded_at <= $1 order by m.recorded_at desc, m.sequence desc limit 1), 0)
    and ${stamp} > $1 and ${stamp} <= ${now}
  order by e.sequence limit 1`;

const instantSql = `
  select greatest(
    (select m.recorded_at from event_log_mark m where m.sequence <= $1 order by m.sequence desc limit 1),
    (select max(${stamp}) from event_log e
     where e.sequence <= $1 and ${stamp} <= ${now}
       and e.sequence > coalesce((select m.sequence from event_log_mark m where m.sequence <= $1 order by m.sequence desc limit 1), 0))
  ) as instant`;

export class RecordedTime {
  constructor(private readonly pool: Pool) {}

  /** Marks what has been mirrored since the last mark, a bounded part at a time. Any number of processes may do so at once. */
  async extend(): Promise<void> {
    const { sequence } = await readProgress(this.pool);
    while (sequence - (await this.lastMark()) >= eventsPerMark)
      await this.pool.query(extendSql, [marksPerStatement, eventsPerMark, sequence]);
  }

  /** @param instant RFC 3339, UTC, milliseconds @returns the last sequence before anything recorded later; at most the checkpoint's */
  async sequenceAt(instant: string): Promise<number> {
    await this.extend();
    const { sequence } = await readProgress(this.pool);
    const { rows } = await this.pool.query<{ sequence: string }>(cutSql, [instant]);
    return rows[0] ? Math.min(sequence, Number(rows[0].sequence) - 1) : sequence;
  }

  /** The highest instant recorded up to a sequence, RFC 3339; `undefined` before the first. */
  async instantAt(sequence: number): Promise<string | undefined> {
    await this.extend();
    const { rows } = await this.pool.query<{ instant: string | null }>(instantSql, [sequence]);
    return rows[0]?.instant || undefined;
  }

  private async lastMark(): Promise<number> {
    const { rows } = await this.pool.query<{ sequence: string }>(lastMarkSql);
    return Number(rows[0]?.sequence ?? 0);
  }
}
