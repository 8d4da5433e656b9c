import { Pool, PoolClient } from 'pg';
import { categoryOf, keyOf, StoredEvent } from '../event';
import { EventStore } from '../event-store.adapter';
import { EventTypes } from '../event-types';
import { ChainBreak } from '../hash-chain';
import { decode } from '../projections/decoding';
import { columnsOf, refold } from '../projections/fold-rows';
import { LoggedEvent, mirrored, storableName } from '../projections/mirror';
import { AnyProjection, FoldedRow, tableOf } from '../projections/projection';
import { pooledTransaction, snapshot } from '../projections/pooled.adapter';
import { readProgress, readStreams } from '../projections/projection-store.adapter';
import { quarantinedRevisions } from '../projections/quarantine.adapter';
import { readVersions, versionOf } from '../projections/versions.adapter';
import { foldVersions } from '../temporal/row-versions';
import { differingVersions, readTemporalProgress } from '../temporal/version-store.adapter';
import { verifyChains } from '../verify-chains.adapter';
import { Mismatch, mirrorDifference } from './mirror-check';

/**
 * Folds streams again from the log itself and compares what is derived from them: hash chains, copies in the mirror, rows, and the
 * versions of rows.
 *
 * Guarantee: all is compared as of one checkpoint, whatever is written meanwhile; a difference that is reported was there.
 * What stands still is compared up to the event at which it does.
 */
export interface Auditing {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly types: EventTypes;
  readonly installation: string;
  readonly projections: readonly AnyProjection[];
}

export interface Audited {
  readonly streams: number;
  readonly events: number;
  readonly mismatches: readonly Mismatch[];
}

interface Story {
  /** As the mirror names it. */
  readonly stream: string;
  /** As far as the read models have read. */
  readonly events: readonly StoredEvent[];
  readonly copies: readonly LoggedEvent[];
}

/** @param streams few enough for one transaction */
export const auditStreams = async (auditing: Auditing, streams: readonly string[]): Promise<Audited> => {
  const stories = new Map<string, readonly StoredEvent[]>();
  const mismatches = await pooledTransaction(auditing.pool, snapshot, async (db) => {
    const { position } = await readProgress(db);
    const copies = await readStreams(db, streams.map(storableName));
    await Promise.all(streams.map(async (stream) => stories.set(stream, await auditing.store.read(stream))));
    const told = streams.map((name): Story => {
      const events = (stories.get(name) ?? []).filter((event) => event.position <= position);
      const stream = storableName(name);
      return { stream, events, copies: copies.filter((copy) => copy.stream === stream) };
    });
    return [
      ...mirrorMismatches(told),
      ...(await rowMismatches(db, auditing, told)),
      ...(await versionMismatches(db, auditing, told)),
    ];
  });
  const chains = await chainMismatches(auditing.installation, stories);
  const events = [...stories.values()].reduce((sum, each) => sum + each.length, 0);
  return { streams: streams.length, events, mismatches: [...chains, ...mismatches] };
};

const mirrorMismatches = (stories: readonly Story[]): readonly Mismatch[] =>
  stories.flatMap(({ stream, events, copies }) => {
    const detail = mirrorDifference(events, copies);
    return detail === undefined ? [] : [{ stream, part: 'mirror', detail }];
  });

const sentenceOf = ({ revision, reason }: ChainBreak): string => `the ${reason} of event ${revision} does not fit`;

const chainMismatches = async (
  installation: string,
  stories: ReadonlyMap<string, readonly StoredEvent[]>,
): Promise<readonly Mismatch[]> => {
  const found: Mismatch[] = [];
  for (const [stream, events] of stories) {
    const { broken } = await verifyChains(installation, events);
    if (broken) found.push({ stream, part: 'chain', detail: sentenceOf(broken) });
  }
  return found;
};

const rowMismatches = async (
  db: PoolClient,
  { types, projections }: Auditing,
  stories: readonly Story[],
): Promise<readonly Mismatch[]> => {
  const versions = await readVersions(db);
  const found: Mismatch[] = [];
  for (const projection of projections) {
    const own = stories.filter(({ stream }) => categoryOf(stream) === projection.category);
    if (!own.length || !versionOf(versions, projection)?.followed) continue;
    const keys = own.map(({ stream }) => keyOf(stream));
    const standing = await quarantinedRevisions(db, projection, keys);
    const expected = own.flatMap((story) => expectedRow(types, projection, story, standing) ?? []);
    for (const { key, detail } of await compareRows(db, projection, keys, expected))
      found.push({ stream: `${projection.category}-${key}`, part: projection.name, detail });
  }
  return found;
};

/** Versions that are being built, or follow behind, are compared as far as they are. */
const versionMismatches = async (
  db: PoolClient,
  { types, projections }: Auditing,
  stories: readonly Story[],
): Promise<readonly Mismatch[]> => {
  const found: Mismatch[] = [];
  for (const projection of projections.filter(({ temporal }) => temporal)) {
    const { name, category } = projection;
    const own = stories.filter(({ stream }) => categoryOf(stream) === category);
    const at = await readTemporalProgress(db, projection);
    if (!own.length || at?.builtStream !== null) continue;
    const expected = own.map((story) => {
      const key = keyOf(story.stream);
      const events = loggedOf(story).filter(({ sequence }) => sequence <= at.sequence);
      return { key, versions: foldVersions(projection, key, decode(types, events)).versions };
    });
    const detail = 'the versions of its row are others';
    for (const key of await differingVersions(db, projection, expected))
      found.push({ stream: `${category}-${key}`, part: `${name} versions`, detail });
  }
  return found;
};

const expectedRow = (
  types: EventTypes,
  projection: AnyProjection,
  story: Story,
  standing: ReadonlyMap<string, number>,
): FoldedRow | undefined => {
  const key = keyOf(story.stream);
  const stopsAt = standing.get(key) ?? Infinity;
  const logged = loggedOf(story).filter(({ revision }) => revision < stopsAt);
  return refold(projection, key, decode(types, logged)).row;
};

/** The events of the log as the mirror must have them, by the mirror's own count. */
const loggedOf = ({ events, copies }: Story): readonly LoggedEvent[] => {
  const sequences = new Map(copies.map(({ revision, sequence }) => [revision, sequence]));
  return events.map((event) => mirrored(event, sequences.get(event.revision) ?? unknownSequence).event);
};

/** Of an event that the mirror lacks, which is a difference of its own. */
const unknownSequence = -1;

// One word for one fault, whichever look finds it.
const superfluous = 'it has a row and should have none';

const compareRows = async (
  db: PoolClient,
  projection: AnyProjection,
  keys: readonly string[],
  expected: readonly FoldedRow[],
): Promise<readonly { key: string; detail: string }[]> => {
  const columns = Object.entries(projection.columns).map(([name, { type }]) => ({ name, type }));
  const typed = columns.map(({ name, type }) => `, ${name} ${type}`).join('');
  const differs = columns.map(({ name }) => ` or t.${name} is distinct from r.${name}`).join('');
  const rows = expected.flatMap(({ key, revision, sequence, row }) =>
    row ? [{ ...columnsOf(projection, row), key, revision, sequence, row }] : [],
  );
  const { rows: found } = await db.query<{ key: string; detail: string }>(
    `select coalesce(r.key, t.key) as key, case
       when t.key is null then 'its row is missing'
       when r.key is null then '${superfluous}'
       when t.revision is distinct from r.revision then 'its row is that of revision ' || t.revision || ', not ' || r.revision
       else 'its row is another' end as detail
     from json_to_recordset($1::json) as r(key text, revision integer, sequence bigint, row jsonb${typed})
     full join (select * from ${tableOf(projection)} where key = any($2)) t on t.key = r.key
     where t.key is null or r.key is null or t.revision is distinct from r.revision or t.row is distinct from r.row
       or (r.sequence <> ${unknownSequence} and t.sequence is distinct from r.sequence)${differs}
     order by 1 limit $3`,
    [JSON.stringify(rows), keys, keys.length],
  );
  return found;
};

const orphansMax = 10;

/** Rows of keys that the mirror knows no history of; nothing that goes by the log's streams meets them. */
export const orphanedRows = async ({ pool, projections }: Auditing): Promise<readonly Mismatch[]> => {
  const versions = await readVersions(pool);
  const found: Mismatch[] = [];
  for (const projection of projections.filter((each) => versionOf(versions, each)?.followed)) {
    const { rows } = await pool.query<{ stream: string }>(
      `select $1 || '-' || t.key as stream from ${tableOf(projection)} t
       where not exists (select from event_log e where e.stream = $1 || '-' || t.key) order by 1 limit ${orphansMax}`,
      [projection.category],
    );
    found.push(...rows.map(({ stream }) => ({ stream, part: projection.name, detail: superfluous })));
  }
  return found;
};
