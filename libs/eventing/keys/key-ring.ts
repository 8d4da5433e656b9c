import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { BoundedMap } from '../bounded-map';
import { Unavailable } from '../failures';
import { Coalescer } from '../limits';
import { Rejection } from '../rejection';
import { keyBytes, KeyStore, KeyTable, StoredKey } from './key-store.adapter';
import { ValueKey } from './sealing';

/**
 * Keys at hand. Person keys are kept for a few seconds only, so that a key destroyed by another process is soon unusable
 * here; value keys come from a pool that was made durable ahead of time, so that no command waits for one.
 */
const personKeysMax = 20_000;
const valueKeysMax = 50_000;
const searchKeysMax = 10;
const keepMilliseconds = 5_000;
const poolKeys = 1024;
const keysPerQuery = 1_000;

interface Kept {
  readonly key: StoredKey;
  readonly until: number;
}

export class KeyRing {
  private readonly kept = {
    person_key: new BoundedMap<string, Kept>(personKeysMax),
    value_key: new BoundedMap<string, Kept>(valueKeysMax),
    search_key: new BoundedMap<string, Kept>(searchKeysMax),
  };
  /** Many ask at once, and often for the same keys: what is asked for while a query is under way is one more query. */
  private readonly asking: Readonly<Record<KeyTable, Coalescer<string, StoredKey>>>;
  private pool: ValueKey[] = [];
  private refilling: Promise<void> | undefined;

  constructor(
    private readonly store: KeyStore,
    private readonly clock: () => number,
  ) {
    const asking = (table: KeyTable) => new Coalescer<string, StoredKey>((ids) => this.load(table, ids), keysPerQuery);
    this.asking = {
      person_key: asking('person_key'),
      value_key: asking('value_key'),
      search_key: asking('search_key'),
    };
  }

  /** Person's key for sealing something new. @throws Rejection PERSON_ERASED */
  async personKey(id: string): Promise<Buffer> {
    return usable((await this.find('person_key', [id])).get(id));
  }

  /** Same, for someone who may be new: makes the key durable first. @throws Rejection PERSON_ERASED */
  async ensurePersonKey(id: string): Promise<Buffer> {
    const known = this.fresh('person_key', id);
    if (known instanceof Buffer) return known;
    const key = await this.store.createPersonKey(id);
    this.keep('person_key', id, key);
    return usable(key);
  }

  /** Same as `personKey`; for whoever was erased a key that nobody keeps, so that what it seals can never be read. */
  async personOrUnkeptKey(id: string): Promise<Buffer> {
    const key = (await this.find('person_key', [id])).get(id);
    return key === 'destroyed' ? randomBytes(keyBytes) : usable(key);
  }

  async takeValueKeys(count: number): Promise<readonly ValueKey[]> {
    while (this.pool.length < count) await this.refill();
    const taken = this.pool.splice(this.pool.length - count, count);
    // The pool is filled again in the background; a failure shows at the next take.
    if (this.pool.length < poolKeys / 2) this.refill().catch(() => undefined);
    return taken;
  }

  /** Keys for opening; ids whose key is gone map to `destroyed`. */
  async find(table: KeyTable, ids: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const known = new Map<string, StoredKey>();
    const asked: string[] = [];
    for (const id of new Set(ids)) {
      const key = this.fresh(table, id);
      if (key) known.set(id, key);
      else asked.push(id);
    }
    if (asked.length) for (const [id, key] of await this.ask(table, asked)) known.set(id, key);
    return known;
  }

  private async ask(table: KeyTable, ids: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    try {
      const keys = await Promise.all(ids.map((id) => this.asking[table].run(id)));
      return new Map(ids.map((id, place) => [id, keys[place] ?? 'missing']));
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      // A key that cannot be read is the trouble of those alone who want it.
      return this.load(table, ids);
    }
  }

  private async load(table: KeyTable, ids: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const loaded = await this.store.load(table, ids);
    // A missing key may be made the next moment; only what is settled is kept.
    for (const [id, key] of loaded) if (key !== 'missing' && !this.isDestroyed(table, id)) this.keep(table, id, key);
    return loaded;
  }

  /** What was destroyed while it was being read stays so. */
  private isDestroyed(table: KeyTable, id: string): boolean {
    return this.kept[table].get(id)?.key === 'destroyed';
  }

  async destroyPerson(id: string): Promise<Date> {
    return this.destroy('person_key', id);
  }

  async destroyValue(id: string): Promise<Date> {
    return this.destroy('value_key', id);
  }

  private async destroy(table: KeyTable, id: string): Promise<Date> {
    const at = await this.store.destroy(table, id);
    this.keep(table, id, 'destroyed');
    return at;
  }

  private fresh(table: KeyTable, id: string): StoredKey | undefined {
    const kept = this.kept[table].get(id);
    return kept && kept.until > this.clock() ? kept.key : undefined;
  }

  private keep(table: KeyTable, id: string, key: StoredKey): void {
    this.kept[table].set(id, { key, until: this.clock() + keepMilliseconds });
  }

  private refill(): Promise<void> {
    this.refilling ??= this.makePool().finally(() => {
      this.refilling = undefined;
    });
    return this.refilling;
  }

  private async makePool(): Promise<void> {
    const ids = Array.from({ length: poolKeys }, () => uuidv7());
    const keys = await this.store.createValueKeys(ids);
    this.pool = [...this.pool, ...keys.map((key, index) => ({ id: ids[index] ?? '', key }))];
  }
}

const usable = (key: StoredKey | undefined): Buffer => {
  if (key instanceof Buffer) return key;
  if (key === 'destroyed') throw new Rejection('PERSON_ERASED', 'this person was erased');
  throw new Error('the key of this person is missing');
};
