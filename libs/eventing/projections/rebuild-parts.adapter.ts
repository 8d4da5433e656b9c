import { LoggedEvent } from './mirror';
import { Queryable } from './projection-store.adapter';

/**
 * The parts in which a rebuild reads the mirror, so that several can read at once: each is a stretch of the streams, in their order.
 *
 * Guarantee: every stream is in exactly one part. A part's cursor moves compare-and-set, in the transaction of the rows behind it: of two
 * that scan the same part, as after a connection was lost, only one can commit.
 */
export interface RebuildPart {
  readonly part: number;
  /** The last event that has been folded, or the stream to begin with, at a revision before its first. */
  readonly cursor: Pick<LoggedEvent, 'stream' | 'revision'>;
  /** The first stream that is no more in it; null: it is the last part. */
  readonly end: string | null;
  readonly events: number;
  readonly isDone: boolean;
}

/** Somebody else scans the same part, or has begun anew. */
export class PartTaken extends Error {
  override readonly name = 'PartTaken';
}

const partsMax = 32;
const samplesPerPart = 16;
const beforeFirst = -1;

/** Cuts the mirror into parts with about as many events each. @param sequence of the newest event */
export const cutParts = async (db: Queryable, run: string, sequence: number, partEvents: number): Promise<void> => {
  const parts = Math.min(partsMax, Math.max(1, Math.ceil(sequence / partEvents)));
  const bounds = parts === 1 ? [] : await boundsOf(db, sequence, parts);
  await db.query(
    `insert into projection_rebuild_part (rebuild, part, cursor_stream, cursor_revision, end_stream, events)
     select $1, place - 1, bound, $3, next, 0 from unnest($2::text[], $4::text[]) with ordinality as b(bound, next, place)`,
    [run, ['', ...bounds], beforeFirst, [...bounds, null]],
  );
};

/** Streams at even distances in the order of streams, as far as events at even distances in the log show it. */
const boundsOf = async (db: Queryable, sequence: number, parts: number): Promise<readonly string[]> => {
  const samples = parts * samplesPerPart;
  const { rows } = await db.query<{ stream: string }>(
    `select distinct stream from event_log where sequence = any($1) order by stream limit $2`,
    [Array.from({ length: samples }, (_, index) => Math.ceil(((index + 0.5) * sequence) / samples)), samples],
  );
  const at = (place: number): string => rows[Math.floor((place * rows.length) / parts)]?.stream ?? '';
  const bounds = Array.from({ length: parts - 1 }, (_, index) => at(index + 1));
  return bounds.filter((bound, index) => bound !== '' && bound !== bounds[index - 1]);
};

interface PartRow {
  readonly part: number;
  readonly stream: string;
  readonly revision: number;
  readonly end: string | null;
  readonly events: string;
  readonly isDone: boolean;
}

/** All parts of a run. Waits for those who are gone and had just begun to commit. */
export const readParts = async (db: Queryable, run: string): Promise<readonly RebuildPart[]> => {
  const { rows } = await db.query<PartRow>(
    `select part, cursor_stream as stream, cursor_revision as revision, end_stream as "end", events, is_done as "isDone"
     from projection_rebuild_part where rebuild = $1 order by part limit ${partsMax} for update`,
    [run],
  );
  return rows.map(({ part, stream, revision, end, events, isDone }) => ({
    ...{ part, cursor: { stream, revision }, end, events: Number(events), isDone },
  }));
};

/** @throws PartTaken */
export const movePart = async (db: Queryable, run: string, from: RebuildPart, to: RebuildPart): Promise<void> => {
  const { rowCount } = await db.query({
    name: 'move-rebuild-part',
    text: `update projection_rebuild_part set cursor_stream = $5, cursor_revision = $6, events = $7, is_done = $8
       where rebuild = $1 and part = $2 and cursor_stream = $3 and cursor_revision = $4 and not is_done`,
    values: [
      ...[run, from.part, from.cursor.stream, from.cursor.revision],
      ...[to.cursor.stream, to.cursor.revision, to.events, to.isDone],
    ],
  });
  if (rowCount !== 1) throw new PartTaken('another rebuild has gone on with this part');
};
