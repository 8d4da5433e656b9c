import { Pool, PoolClient } from 'pg';
import { EventStore } from '../event-store.adapter';
import { StoredEvent } from '../event';
import { MovedOn } from '../following/follower-loop';
import { LoggedEvent, mirrored, storableName } from '../projections/mirror';
import { pooledTransaction, snapshot } from '../projections/pooled.adapter';
import { readProgress, readStreams } from '../projections/projection-store.adapter';
import { Auditor, Findings, Mismatch, Story, unknownSequence } from './auditor';

/**
 * Makes again from the log itself, stream by stream, what is derived from it, and compares.
 *
 * Guarantee: all tables are compared as of one checkpoint, whatever is written meanwhile; a difference that is reported was there.
 */
export interface Auditing {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly auditors: readonly Auditor[];
}

export interface Audited {
  /** Those that every auditor came to the end of: what is not found of them is not so any more. */
  readonly streams: readonly string[];
  readonly events: number;
  readonly mismatches: readonly Mismatch[];
}

/** @param streams few enough for one transaction */
export const auditStreams = async (auditing: Auditing, streams: readonly string[]): Promise<Audited> => {
  const { auditors } = auditing;
  const { stories, mismatches } = await unlessExchanged(() => lookAtTables(auditing, streams));
  const findings: Findings[] = [{ mismatches }];
  for (const { elsewhere } of auditors) if (elsewhere) findings.push(await elsewhere(stories));
  const unfinished = new Set(findings.flatMap((each) => each.unfinished ?? []));
  const whole = stories.filter(({ stream }) => !unfinished.has(stream));
  return {
    streams: whole.map(({ stream }) => stream),
    events: whole.reduce((sum, { history }) => sum + history.length, 0),
    mismatches: findings.flatMap((each) => each.mismatches),
  };
};

/** What there is of streams that the log does not have. */
export const auditOrphans = async ({ pool, auditors }: Auditing): Promise<Audited> => {
  const mismatches: Mismatch[] = [];
  for (const { orphans } of auditors) if (orphans) mismatches.push(...(await unlessExchanged(() => orphans(pool))));
  return { streams: [...new Set(mismatches.map(({ stream }) => stream))], events: 0, mismatches };
};

interface Look {
  readonly stories: readonly Story[];
  readonly mismatches: readonly Mismatch[];
}

const lookAtTables = ({ store, pool, auditors }: Auditing, streams: readonly string[]): Promise<Look> =>
  pooledTransaction(pool, snapshot, async (db) => {
    const stories = await storiesOf(db, store, streams);
    const mismatches: Mismatch[] = [];
    for (const { inTables } of auditors) if (inTables) mismatches.push(...(await inTables(db, stories)));
    return { stories, mismatches };
  });

const storiesOf = async (db: PoolClient, store: EventStore, names: readonly string[]): Promise<readonly Story[]> => {
  const { position } = await readProgress(db);
  const copies = await readStreams(db, names.map(storableName));
  return Promise.all(
    names.map(async (name) => {
      const [stream, history] = [storableName(name), await store.read(name)];
      const events = history.filter((event) => event.position <= position);
      const own = copies.filter((copy) => copy.stream === stream);
      return { stream, history, events, logged: countedBy(own, events), copies: own };
    }),
  );
};

const countedBy = (copies: readonly LoggedEvent[], events: readonly StoredEvent[]): readonly LoggedEvent[] => {
  const sequences = new Map(copies.map(({ revision, sequence }) => [revision, sequence]));
  return events.map((event) => mirrored(event, sequences.get(event.revision) ?? unknownSequence).event);
};

const looksMax = 3;
const undefinedTable = '42P01';

/** A rebuild and the roll of a key exchange tables: whoever has looked for one that went meanwhile looks again. */
const unlessExchanged = async <T>(look: () => Promise<T>): Promise<T> => {
  for (let looks = 1; ; looks++)
    try {
      return await look();
    } catch (error) {
      const { code } = Object(error) as { code?: unknown };
      if (looks === looksMax || !(error instanceof MovedOn || code === undefinedTable)) throw error;
    }
};
