import { v7 as uuidv7 } from 'uuid';
import { BoundedMap } from '../bounded-map';
import { Rejection } from '../rejection';
import { KeyStore, KeyTable, StoredKey } from './key-store.adapter';
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
  private pool: ValueKey[] = [];
  private refilling: Promise<void> | undefined;

  constructor(
    private readonly store: KeyStore,
    private readonly clock: () => number,
  ) {}

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
    if (asked.length)
      for (const [id, key] of await this.store.load(table, asked)) {
        // A missing key may be made the next moment; only what is settled is kept.
        if (key !== 'missing') this.keep(table, id, key);
        known.set(id, key);
      }
    return known;
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
