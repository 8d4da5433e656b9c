import { streamOf } from '../event';
import { forgetStopped } from '../following/stopped-streams.adapter';
import { prepared } from '../projections/prepared';
import { Queryable } from '../projections/projection-store.adapter';
import { Generation, indexTableOf, IndexRow, SearchIndex } from './search-index';

/** Tables of tokens, and how far they are. */
const pendingKilobytesMax = 512;

interface GenerationRow extends Omit<Generation, 'sequence'> {
  readonly sequence: string;
}

/** Of one index, the serving one first. */
export const readGenerations = async (
  db: Queryable,
  { name, version }: SearchIndex,
): Promise<readonly Generation[]> => {
  const { rows } = await db.query<GenerationRow>(
    prepared(
      `select key_id as "keyId", sequence, built_stream as "builtStream", serving from search_generation
     where name = $1 and version = $2 order by serving desc, key_id limit 100`,
      [name, version],
    ),
  );
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
};

/** Begins to build iff nobody else has. @returns whether it was begun */
export const beginGeneration = async (
  db: Queryable,
  index: SearchIndex,
  keyId: string,
  sequence: number,
): Promise<boolean> => {
  const { rowCount } = await db.query(
    `insert into search_generation (name, version, key_id, sequence, built_stream) values ($1, $2, $3, $4, '')
     on conflict (name, version, key_id) do nothing`,
    [index.name, index.version, keyId, sequence],
  );
  if (!rowCount) return false;
  const table = indexTableOf(index, keyId);
  const columns = Object.entries(index.columns).map(([name, type]) => `, ${name} ${type}`);
  await db.query(`drop table if exists ${table}`);
  // Terms stand outside, so that what a search walks over is short; being random they would not be compressed anyway.
  await db.query(
    `create table ${table} (key text not null, owner text not null, terms tsvector not null${columns.join('')})
     with (toast_tuple_target = 128, fillfactor = 90)`,
  );
  await db.query(`alter table ${table} alter terms set storage external`);
  return true;
};

/** One sort for all is cheaper than a million insertions. */
export const indexGeneration = async (db: Queryable, index: SearchIndex, keyId: string): Promise<void> => {
  const table = indexTableOf(index, keyId);
  await db.query(`alter table ${table} add primary key (key)`);
  await db.query(`create index on ${table} using gin (terms) with (gin_pending_list_limit = ${pendingKilobytesMax})`);
  await db.query(`create index on ${table} (owner)`);
  for (const columns of index.indexes) await db.query(`create index on ${table} (${columns})`);
  await db.query(`analyze ${table}`);
};

/** Moves on iff nobody else did. @returns whether it moved */
export const advanceGeneration = async (
  db: Queryable,
  { name, version }: SearchIndex,
  from: Generation,
  to: Pick<Generation, 'sequence' | 'builtStream'>,
): Promise<boolean> => {
  const { rowCount } = await db.query(
    `update search_generation set sequence = $4, built_stream = $5
     where name = $1 and version = $2 and key_id = $3 and sequence = $6 and built_stream is not distinct from $7`,
    [name, version, from.keyId, to.sequence, to.builtStream, from.sequence, from.builtStream],
  );
  return rowCount === 1;
};

/** Searches go by this table from now on; all others of this index, also of other versions, go. */
export const serveGeneration = async (db: Queryable, index: SearchIndex, keyId: string): Promise<void> => {
  const { rows } = await db.query<{ version: number; keyId: string }>(
    `delete from search_generation where name = $1 and not (version = $2 and key_id = $3)
     returning version, key_id as "keyId"`,
    [index.name, index.version, keyId],
  );
  for (const old of rows) {
    const table = indexTableOf({ name: index.name, version: old.version }, old.keyId);
    await db.query(`drop table if exists ${table}`);
    await forgetStopped(db, table);
  }
  await db.query(`update search_generation set serving = true where name = $1 and version = $2 and key_id = $3`, [
    index.name,
    index.version,
    keyId,
  ]);
};

/** Keys that some table still needs. */
export const keysInUse = async (db: Queryable): Promise<ReadonlySet<string>> => {
  const { rows } = await db.query<{ keyId: string }>(
    `select distinct key_id as "keyId" from search_generation order by key_id limit 1000`,
  );
  return new Set(rows.map(({ keyId }) => keyId));
};

const jsonOf = (rows: readonly IndexRow[]): string =>
  JSON.stringify(rows.map(({ columns, lacksTexts, ...row }) => ({ ...row, ...columns, lacks_texts: lacksTexts })));

const listsOf = ({ columns }: SearchIndex) => {
  const names = ['key', 'owner', 'terms', ...Object.keys(columns)];
  const typed = Object.entries(columns).map(([name, type]) => `, ${name} ${type}`);
  return {
    names: names.join(', '),
    typed: `key text, owner text, terms tsvector${typed.join('')}`,
    own: Object.keys(columns),
  };
};

export const insertDocuments = async (
  db: Queryable,
  index: SearchIndex,
  keyId: string,
  rows: readonly IndexRow[],
): Promise<void> => {
  const { names, typed } = listsOf(index);
  await db.query(
    `insert into ${indexTableOf(index, keyId)} (${names}) select ${names} from json_to_recordset($1::json) as r(${typed})`,
    [jsonOf(rows)],
  );
};

/** Makes the documents of some keys these and no others; terms that are so already are not written again. */
export const replaceDocuments = async (
  db: Queryable,
  index: SearchIndex,
  keyId: string,
  keys: readonly string[],
  rows: readonly IndexRow[],
): Promise<void> => {
  const table = indexTableOf(index, keyId);
  const kept = new Set(rows.map(({ key }) => key));
  const gone = keys.filter((key) => !kept.has(key));
  if (gone.length) await db.query(`delete from ${table} where key = any($1)`, [gone]);
  if (!rows.length) return;
  const { names, typed, own } = listsOf(index);
  const changed = ['owner', 'terms', ...own].map((name) => `t.${name} is distinct from excluded.${name}`).join(' or ');
  const updates = ['owner', ...own].map((name) => `${name} = excluded.${name}`).join(', ');
  await db.query(
    prepared(
      `insert into ${table} as t (${names}) select ${names} from json_to_recordset($1::json) as r(${typed})
     on conflict (key) do update
       set ${updates}, terms = case when t.terms = excluded.terms then t.terms else excluded.terms end
     where ${changed}`,
      [jsonOf(rows)],
    ),
  );
};

/**
 * Documents of some keys that are others than these. Of one that lacks texts the words that it has must be there; whether those
 * that are there besides were of its lost texts cannot be told any more.
 */
export const differingDocuments = async (
  db: Queryable,
  index: SearchIndex,
  keyId: string,
  keys: readonly string[],
  rows: readonly IndexRow[],
): Promise<readonly { readonly key: string; readonly detail: string }[]> => {
  const { typed, own } = listsOf(index);
  const fields = (of: string): string => `(${['owner', ...own].map((name) => `${of}.${name}`).join(', ')})`;
  const lexemes = (of: string): string => `tsvector_to_array(${of}.terms)`;
  const lacksWords = `not ${lexemes('r')} <@ ${lexemes('t')}`;
  const { rows: found } = await db.query<{ key: string; detail: string }>(
    `select coalesce(r.key, t.key) as key, case
       when t.key is null then 'its document is missing'
       when r.key is null then 'it has a document and should have none'
       when ${fields('t')} is distinct from ${fields('r')} then 'its document is another'
       when ${lacksWords} then 'its document lacks words'
       when not ${lexemes('t')} <@ ${lexemes('r')} then 'its document has words that are not its own'
       else 'words of its document stand elsewhere' end as detail
     from json_to_recordset($1::json) as r(${typed}, lacks_texts boolean)
     full join (select * from ${indexTableOf(index, keyId)} where key = any($2)) t on t.key = r.key
     where t.key is null or r.key is null or ${fields('t')} is distinct from ${fields('r')}
       or case when r.lacks_texts then ${lacksWords} else t.terms <> r.terms end
     order by 1 limit $3`,
    [jsonOf(rows), keys, keys.length],
  );
  return found;
};

/** Streams of a category with events of some types in a stretch of the log. */
export const streamsWith = async (
  db: Queryable,
  category: string,
  types: readonly string[],
  after: number,
  upTo: number,
): Promise<readonly string[]> => {
  const { rows } = await db.query<{ stream: string }>(
    `select distinct stream from event_log
     where sequence > $1 and sequence <= $2 and type = any($3) and starts_with(stream, $4) order by stream`,
    [after, upTo, types, `${category}-`],
  );
  return rows.map(({ stream }) => stream);
};

/** Keys whose documents are about some owners. */
export const keysOwnedBy = async (
  db: Queryable,
  index: SearchIndex,
  keyId: string,
  owners: readonly string[],
): Promise<readonly string[]> => {
  const { rows } = await db.query<{ key: string }>(
    // An owner has as many as they have: all of them must be forgotten.
    `select key from ${indexTableOf(index, keyId)} where owner = any($1) order by key`,
    [owners],
  );
  return rows.map(({ key }) => key);
};

/** Who among some owners is to be forgotten, as the log was at a sequence. */
export const forgottenAmong = async (
  db: Queryable,
  { forgetting: { category, types } }: SearchIndex,
  owners: readonly string[],
  upTo: number,
): Promise<ReadonlySet<string>> => {
  const named = new Map(owners.map((owner) => [streamOf(category, owner), owner]));
  const { rows } = await db.query<{ stream: string }>(
    `select distinct stream from event_log where stream = any($1) and type = any($2) and sequence <= $3
     order by stream limit $4`,
    [[...named.keys()], types, upTo, named.size],
  );
  return new Set(rows.flatMap(({ stream }) => named.get(stream) ?? []));
};
