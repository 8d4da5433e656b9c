import { PoolClient } from 'pg';
import { categoryOf, keyOf } from '../event';
import { EventTypes } from '../event-types';
import { decode } from '../projections/decoding';
import { columnsOf, refold } from '../projections/fold-rows';
import { AnyProjection, FoldedRow, tableOf } from '../projections/projection';
import { quarantinedRevisions } from '../projections/quarantine.adapter';
import { readVersions, versionOf } from '../projections/versions.adapter';
import { foldVersions } from '../temporal/row-versions';
import { differingVersions, readTemporalProgress } from '../temporal/version-store.adapter';
import { Auditor, Mismatch, Story, streamsWithoutHistory, unknownSequence } from './auditor';

/** Rows of read models, and the versions of rows. */
// One word for one fault, whichever look finds it.
const superfluous = 'it has a row and should have none';

/** What stands still is compared up to the event at which it does. */
export const rowAuditor = (types: EventTypes, projections: readonly AnyProjection[]): Auditor => ({
  inTables: async (db, stories) => {
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
  },
  orphans: async (db) => {
    const versions = await readVersions(db);
    const found: Mismatch[] = [];
    for (const projection of projections.filter((each) => versionOf(versions, each)?.followed))
      for (const stream of await streamsWithoutHistory(db, tableOf(projection), projection.category))
        found.push({ stream, part: projection.name, detail: superfluous });
    return found;
  },
});

/** Versions that are being built, or follow behind, are compared as far as they are. */
export const versionAuditor = (types: EventTypes, projections: readonly AnyProjection[]): Auditor => ({
  inTables: async (db, stories) => {
    const found: Mismatch[] = [];
    for (const projection of projections.filter(({ temporal }) => temporal)) {
      const { name, category } = projection;
      const own = stories.filter(({ stream }) => categoryOf(stream) === category);
      const at = await readTemporalProgress(db, projection);
      if (!own.length || at?.builtStream !== null) continue;
      const expected = own.map(({ stream, logged }) => {
        const key = keyOf(stream);
        const events = logged.filter(({ sequence }) => sequence <= at.sequence);
        return { key, versions: foldVersions(projection, key, decode(types, events)).versions };
      });
      const detail = 'the versions of its row are others';
      for (const key of await differingVersions(db, projection, expected))
        found.push({ stream: `${category}-${key}`, part: `${name} versions`, detail });
    }
    return found;
  },
});

const expectedRow = (
  types: EventTypes,
  projection: AnyProjection,
  { stream, logged }: Story,
  standing: ReadonlyMap<string, number>,
): FoldedRow | undefined => {
  const key = keyOf(stream);
  const stopsAt = standing.get(key) ?? Infinity;
  const events = logged.filter(({ revision }) => revision < stopsAt);
  return refold(projection, key, decode(types, events)).row;
};

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
