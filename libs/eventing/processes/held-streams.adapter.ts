import { LoggedEvent } from '../projections/mirror';
import { loggedEvents, Queryable } from '../projections/projection-store.adapter';

/** Streams that a process has left at an event which it cannot react to. What comes behind it waits there, and is read from the mirror again. */
const streamsMax = 10_000;

export interface HeldStream {
  readonly process: string;
  readonly stream: string;
  /** Of the first event that was not reacted to. */
  readonly sequence: number;
  readonly eventId: string;
  readonly error: string;
  readonly since: Date;
}

export const hold = async (db: Queryable, held: Omit<HeldStream, 'since'>): Promise<void> => {
  const { process, stream, sequence, eventId, error } = held;
  await db.query(
    `insert into process_held (process, stream, sequence, event_id, error) values ($1, $2, $3, $4, $5)
     on conflict (process, stream) do update
       set sequence = excluded.sequence, event_id = excluded.event_id, error = excluded.error`,
    [process, stream, sequence, eventId, error],
  );
};

export const letGo = async (db: Queryable, process: string, stream: string): Promise<void> => {
  await db.query(`delete from process_held where process = $1 and stream = $2`, [process, stream]);
};

/** Longest first. @param process only of this one */
export const readHeld = async (db: Queryable, process?: string): Promise<readonly HeldStream[]> => {
  const { rows } = await db.query<Omit<HeldStream, 'sequence'> & { sequence: string }>(
    `select process, stream, sequence, event_id as "eventId", error, since from process_held
     where $1::text is null or process = $1 order by since, process, stream limit $2`,
    [process ?? null, streamsMax],
  );
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
};

/** Events of some types that wait in a stream. @param upTo what comes later has not been read by the process yet */
export const readWaiting = (
  db: Queryable,
  { stream, sequence }: Pick<HeldStream, 'stream' | 'sequence'>,
  upTo: number,
  types: readonly string[],
): Promise<readonly LoggedEvent[]> =>
  // A history is bounded by its stream.
  loggedEvents(db, `stream = $1 and sequence between $2 and $3 and type = any($4) order by revision`, [
    ...[stream, sequence, upTo, types],
  ]);
