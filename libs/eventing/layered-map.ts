/**
 * A map that is never changed, only replaced, as folds want it.
 *
 * Guarantee: another entry costs what the newest few hundred entries cost to copy, however many there are; all of them are copied
 * once in so many changes.
 */
const recentMax = 256;

export class LayeredMap<K, V> {
  private constructor(
    private readonly settled: ReadonlyMap<K, V>,
    /** What came since; `undefined` stands for a key that was taken out. */
    private readonly recent: ReadonlyMap<K, V | undefined>,
  ) {}

  static empty<K, V>(): LayeredMap<K, V> {
    return new LayeredMap<K, V>(new Map(), new Map());
  }

  get(key: K): V | undefined {
    return this.recent.has(key) ? this.recent.get(key) : this.settled.get(key);
  }

  /** @param entries `undefined` takes a key out */
  with(entries: Iterable<readonly [K, V | undefined]>): LayeredMap<K, V> {
    const recent = new Map(this.recent);
    for (const [key, value] of entries) recent.set(key, value);
    return recent.size <= recentMax ? new LayeredMap(this.settled, recent) : LayeredMap.settle(this.settled, recent);
  }

  private static settle<K, V>(settled: ReadonlyMap<K, V>, recent: ReadonlyMap<K, V | undefined>): LayeredMap<K, V> {
    const all = new Map(settled);
    for (const [key, value] of recent)
      if (value === undefined) all.delete(key);
      else all.set(key, value);
    return new LayeredMap<K, V>(all, new Map());
  }
}
