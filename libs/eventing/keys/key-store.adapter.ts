import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { Unavailable } from '../failures';
import { Coalescer } from '../limits';
import { prepared } from '../projections/prepared';
import { KeyEncryptionKeys, unwrapKey, WrappedKey, wrapKey } from './key-encryption';

/**
 * The `keystore` database: wrapped keys of persons, of values and of search indexes, nothing else.
 *
 * Guarantee: a destroyed key leaves a tombstone in the transaction that removes it, and no later call brings a key of that
 * id back. Destroying is final only when old key-encryption keys are gone too (`roll`), since copies of the wrapped row
 * live on in write-ahead logs and backups.
 */
const schema = `
create table if not exists person_key (
  id text primary key, kek integer, wrapped bytea, created_at timestamptz not null default now(), destroyed_at timestamptz);
create table if not exists value_key (
  id text primary key, kek integer, wrapped bytea, destroyed_at timestamptz);
create table if not exists search_key (
  id text primary key, kek integer, wrapped bytea, created_at timestamptz not null default now(), destroyed_at timestamptz);`;

const tables = ['person_key', 'value_key', 'search_key'] as const;
export type KeyTable = (typeof tables)[number];
export type StoredKey = Buffer | 'destroyed' | 'missing';

interface KeyRow {
  readonly id: string;
  readonly kek: number | null;
  readonly wrapped: Buffer | null;
}

export const keyBytes = 32;
const rollRowsPerStep = 1000;
const creationsMax = 500;
const searchKeysMax = 100;

export class KeyStore {
  private readonly creating = new Coalescer<string, StoredKey>(
    (ids) => this.createKeys('person_key', ids),
    creationsMax,
  );

  constructor(
    private readonly pool: Pool,
    private keks: KeyEncryptionKeys,
  ) {}

  async prepare(): Promise<void> {
    // Several processes may start at once; `if not exists` alone does not keep them apart.
    await this.pool.query(`begin; select pg_advisory_xact_lock(hashtext('casefold/keystore')); ${schema} commit`);
  }

  /** The keys of several ids in one round trip. */
  async load(table: KeyTable, ids: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const { rows } = await this.query<KeyRow>(
      `select id, kek, wrapped from ${table} where id = any($1) order by id limit $2`,
      [ids, ids.length],
    );
    const found = new Map<string, StoredKey>(rows.map((row) => [row.id, this.unwrap(row)]));
    return new Map(ids.map((id) => [id, found.get(id) ?? 'missing']));
  }

  /** Makes a person's key durable, or finds the one that is there. A destroyed one stays destroyed. */
  createPersonKey(id: string): Promise<StoredKey> {
    return this.creating.run(id);
  }

  /** Makes a search key durable, or finds the one that is there. */
  async createSearchKey(id: string): Promise<StoredKey> {
    return (await this.createKeys('search_key', [id])).get(id) ?? 'missing';
  }

  /** Ids of the search keys that are not destroyed, oldest first. */
  async searchKeys(): Promise<readonly string[]> {
    const { rows } = await this.query<{ id: string }>(
      `select id from search_key where destroyed_at is null order by created_at, id limit ${searchKeysMax}`,
      [],
    );
    return rows.map(({ id }) => id);
  }

  /** One durable write for all who wait for one, since each would cost a disk flush of its own. */
  private async createKeys(table: KeyTable, ids: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const keys = ids.map(() => randomBytes(keyBytes));
    const wrapped = keys.map((key, index) => wrapKey(this.keks, ids[index] ?? '', key));
    const { rows } = await this.query<{ id: string }>(
      `insert into ${table} (id, kek, wrapped) select * from unnest($1::text[], $2::int[], $3::bytea[])
       on conflict (id) do nothing returning id`,
      [ids, wrapped.map((each) => each.kek), wrapped.map((each) => each.wrapped)],
    );
    const made = new Set(rows.map(({ id }) => id));
    const others = ids.filter((id) => !made.has(id));
    const found = others.length ? await this.load(table, others) : new Map<string, StoredKey>();
    return new Map(ids.map((id, index) => [id, (made.has(id) ? keys[index] : found.get(id)) ?? 'missing']));
  }

  /** Makes fresh value keys durable. */
  async createValueKeys(ids: readonly string[]): Promise<readonly Buffer[]> {
    const keys = ids.map(() => randomBytes(keyBytes));
    const wrapped = keys.map((key, index) => wrapKey(this.keks, ids[index] ?? '', key));
    await this.query(
      'insert into value_key (id, kek, wrapped) select * from unnest($1::text[], $2::int[], $3::bytea[])',
      [ids, wrapped.map((each) => each.kek), wrapped.map((each) => each.wrapped)],
    );
    return keys;
  }

  /** Removes a key and leaves its tombstone; the same call again changes nothing. @returns when it was destroyed first */
  async destroy(table: KeyTable, id: string): Promise<Date> {
    const { rows } = await this.query<{ destroyed_at: Date }>(
      `insert into ${table} (id, destroyed_at) values ($1, now())
       on conflict (id) do update set kek = null, wrapped = null, destroyed_at = coalesce(${table}.destroyed_at, now())
       returning destroyed_at`,
      [id],
    );
    if (!rows[0]) throw new Error(`no tombstone for ${id}`);
    return rows[0].destroyed_at;
  }

  /** Wraps every live key with the newest key-encryption key; older versions may be destroyed afterwards. @returns rows rewrapped */
  async roll(keks: KeyEncryptionKeys): Promise<number> {
    this.keks = keks;
    let rolled = 0;
    for (const table of tables)
      for (let step = await this.rollStep(table); step > 0; step = await this.rollStep(table)) rolled += step;
    return rolled;
  }

  private async rollStep(table: KeyTable): Promise<number> {
    const { rows } = await this.query<{ id: string } & WrappedKey>(
      `select id, kek, wrapped from ${table} where kek < $1 order by id limit $2`,
      [this.keks.current, rollRowsPerStep],
    );
    const rewrapped = rows.map((row) => wrapKey(this.keks, row.id, unwrapKey(this.keks, row.id, row)));
    // The old version stands in the condition: a key destroyed meanwhile must not come back.
    await this.query(
      `update ${table} t set kek = n.kek, wrapped = n.wrapped
       from unnest($1::text[], $2::int[], $3::bytea[]) as n(id, kek, wrapped) where t.id = n.id and t.kek < n.kek`,
      [rows.map((row) => row.id), rewrapped.map((each) => each.kek), rewrapped.map((each) => each.wrapped)],
    );
    return rows.length;
  }

  private unwrap(row: KeyRow): StoredKey {
    return row.wrapped && row.kek !== null
      ? unwrapKey(this.keks, row.id, { kek: row.kek, wrapped: row.wrapped })
      : 'destroyed';
  }

  private async query<Row extends object>(text: string, values: readonly unknown[]): Promise<{ rows: Row[] }> {
    try {
      return await this.pool.query<Row>(prepared(text, values));
    } catch (error) {
      throw new Unavailable('not-done', 'the key store does not answer', error);
    }
  }
}
