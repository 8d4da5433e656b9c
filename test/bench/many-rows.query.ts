import { Client } from 'pg';
import { tableOf } from '../../libs/eventing/projections/projection';
import { indexTableOf } from '../../libs/eventing/search/search-index';
import { readGenerations } from '../../libs/eventing/search/search-store.adapter';
import { customerCategory } from '../../libs/customers/events';
import { requestCategory } from '../../libs/requests/events';
import { requestProjections, searchIndexes } from '../../libs/requests/read-models/projections';

/**
 * Read models with many cases and their customers, made by the database from those of a few: copies have numbers and customers of their
 * own and otherwise the facts and the words of the case that they are copies of. Nobody could give so many commands in the time.
 */
interface Copied {
  readonly table: string;
  readonly category: string;
}

const categories: readonly string[] = [requestCategory, customerCategory];

const tablesOf = async (db: Client): Promise<readonly Copied[]> => {
  const copied = requestProjections.map((each): Copied => ({ table: tableOf(each), category: each.category }));
  for (const index of searchIndexes) {
    const [serving] = await readGenerations(db, index);
    if (serving) copied.push({ table: indexTableOf(index, serving.keyId), category: index.category });
  }
  return copied.filter(({ category }) => categories.includes(category));
};

const someoneElse = (column: string): string => `md5(t.${column} || '-' || copy)::uuid::text`;

const copyOf = (column: string, category: string): string => {
  if (column === 'customer' || column === 'owner') return someoneElse(column);
  if (column !== 'key') return `t.${column}`;
  return category === customerCategory ? someoneElse(column) : `t.key || '-' || copy`;
};

/** Rows first, key and indexes afterwards. */
const withoutIndexes = async (db: Client, table: string, work: () => Promise<unknown>): Promise<void> => {
  const { rows } = await db.query<{ name: string; definition: string; isKey: boolean }>(
    `select c.relname as name, pg_get_indexdef(i.indexrelid) as definition, i.indisprimary as "isKey"
     from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = $1::regclass order by 1 limit 100`,
    [table],
  );
  for (const { name, isKey } of rows)
    await db.query(isKey ? `alter table ${table} drop constraint ${name}` : `drop index ${name}`);
  await work();
  for (const { definition, isKey } of rows)
    await db.query(isKey ? `alter table ${table} add primary key (key)` : definition);
  await db.query(`vacuum analyze ${table}`);
};

/** @param db of an installation whose self-audit may then find that the copies have no history @returns cases there are then */
export const copyReadModels = async (db: Client, cases: number): Promise<number> => {
  const copied = await tablesOf(db);
  const of = copied.find(({ category }) => category === requestCategory)?.table ?? '';
  const { rows } = await db.query<{ cases: string }>(`select count(*) as cases from ${of}`);
  const templates = Number(rows[0]?.cases);
  const copies = Math.max(0, Math.ceil(cases / templates) - 1);
  for (const { table, category } of copied) {
    const { rows: columns } = await db.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
       order by attnum limit 100`,
      [table],
    );
    const names = columns.map(({ name }) => name);
    await withoutIndexes(db, table, () =>
      db.query(
        `insert into ${table} (${names.join(', ')}) select ${names.map((name) => copyOf(name, category)).join(', ')}
         from ${table} t, generate_series(1, ${copies}) copy`,
      ),
    );
  }
  return templates * (copies + 1);
};
