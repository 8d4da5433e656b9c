import { PoolClient } from 'pg';
import { StoredEvent } from '../event';
import { LoggedEvent } from '../projections/mirror';
import { Queryable } from '../projections/projection-store.adapter';

/** What is not as the log says. */
export interface Mismatch {
  readonly stream: string;
  /** What was looked at: `chain`, `mirror`, the name of a read model or of an index of words, a file. A stream has one mismatch a part. */
  readonly part: string;
  readonly detail: string;
}

/** What there is of one stream. */
export interface Story {
  /** As the mirror names it. */
  readonly stream: string;
  /** All that the log has. */
  readonly history: readonly StoredEvent[];
  /** Of these, as far as the read models have read. */
  readonly events: readonly StoredEvent[];
  /** The same as the mirror must have them, by the mirror's own count. */
  readonly logged: readonly LoggedEvent[];
  /** What the mirror has. */
  readonly copies: readonly LoggedEvent[];
}

/** Of an event that the mirror lacks, which is a difference of its own. */
export const unknownSequence = -1;

export interface Findings {
  readonly mismatches: readonly Mismatch[];
  /** Streams that it did not come to the end of: the next look goes on with them. */
  readonly unfinished?: readonly string[];
}

/** One thing that is made of the log, as an audit compares it. */
export interface Auditor {
  /** Looks at tables, in a snapshot of the database at one checkpoint; meanwhile nobody can exchange them. */
  readonly inTables?: (db: PoolClient, stories: readonly Story[]) => Promise<readonly Mismatch[]>;
  /** Looks elsewhere, when the database is let go. What takes long is left unfinished, so that others have their turn. */
  readonly elsewhere?: (stories: readonly Story[]) => Promise<Findings>;
  /** Looks for what belongs to streams that the mirror knows no history of: whoever goes by the log's streams does not meet it. */
  readonly orphans?: (db: Queryable) => Promise<readonly Mismatch[]>;
}

const orphansMax = 10;

/** Streams by which a table has rows and of which there is no history; the first of them. */
export const streamsWithoutHistory = async (
  db: Queryable,
  table: string,
  category: string,
): Promise<readonly string[]> => {
  const { rows } = await db.query<{ stream: string }>(
    `select $1 || '-' || t.key as stream from ${table} t
     where not exists (select from event_log e where e.stream = $1 || '-' || t.key) order by 1 limit ${orphansMax}`,
    [category],
  );
  return rows.map(({ stream }) => stream);
};
