import { Queryable } from '../../eventing/projections/projection-store.adapter';
import { isClerical } from '../clock-events';
import { requestEventTypes } from '../events';
import { wholeTypes } from './lines';

/**
 * What clocks need of the mirror, and no more: a line an event, made by the database, a page a value.
 *
 * A row an event would cost more to take apart than the database needs to find it.
 */
export const lineBreak = '\n';
export const fieldBreak = '\t';

const types = Object.keys(requestEventTypes).filter((type) => !isClerical({ type }) || wholeTypes.has(type));

const field = (name: string, of: readonly string[]): string =>
  `case when type in (${of.map((type) => `'${type}'`).join(', ')}) then coalesce(data->>'${name}', '') else '' end`;

const fields = [
  `substr(stream, ${'request-'.length + 1})`,
  `coalesce(metadata->>'occurredAt', '')`,
  'type',
  `coalesce(metadata->>'schema', '')`,
  `coalesce(metadata->>'terms', '')`,
  `case when type = 'RequestResponded' and metadata->>'actor' like 'process:%' then 'process:' else '' end`,
  field('priority', ['RequestOpened', 'RequestClassified']),
  field('team', ['RequestOpened', 'RequestAssigned']),
  field('assignee', ['RequestAssigned']),
  field('waitingFor', ['RequestHeld']),
  field('by', ['RequestResponded']),
  field('type', ['RequestOpened', 'RequestClassified']),
  field('category', ['RequestOpened', 'RequestClassified']),
  field('product', ['RequestOpened', 'RequestClassified']),
].join(`, `);

/** A share of the cases: those whose hash falls on this place of so many. */
export interface Part {
  readonly place: number;
  readonly of: number;
}

// The hash may be negative, its remainder must not be.
const placeOf = `(hashtext(stream) & ${2 ** 30 - 1})`;

/** Lines of the events behind `after` up to `until` that belong to a part of the cases, in the log's order. */
export const readLines = async (db: Queryable, after: number, until: number, { place, of }: Part): Promise<string> => {
  const { rows } = await db.query<{ lines: string | null }>(
    `select string_agg(concat_ws(E'\\t', ${fields}), E'\\n' order by sequence) as lines
     from event_log where sequence > $1 and sequence <= $2 and type = any($3) and ($4::int = 1 or ${placeOf} % $4 = $5::int)`,
    [after, until, types, of, place],
  );
  return rows[0]?.lines ?? '';
};

export interface Head {
  readonly sequence: number;
  /** When the event there was recorded. */
  readonly recordedAt: string;
}

/** The newest event of the mirror, or the one at a sequence. */
export const readHead = async (db: Queryable, sequence: number | undefined): Promise<Head | undefined> => {
  const { rows } = await db.query<{ sequence: string; recordedAt: string }>(
    `select sequence, metadata->>'recordedAt' as "recordedAt" from event_log
     where sequence <= coalesce($1, sequence) order by sequence desc limit 1`,
    [sequence ?? null],
  );
  return rows[0] && { sequence: Number(rows[0].sequence), recordedAt: rows[0].recordedAt };
};
