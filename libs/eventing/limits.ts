/** Lets at most `callsMax` pieces of work run at once; the others wait in order. */
export class Limiter {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly callsMax: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.callsMax) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}

/** Runs work on one key one piece after the other, on different keys side by side. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(key);
    const mine = before ? before.then(work, work) : work();
    this.tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.tails.get(key) === mine) this.tails.delete(key);
    }
  }
}

/** Answers many calls with one: what arrives while a batch is under way makes up the next. */
export class Coalescer<K, V> {
  private waiting = new Map<
    K,
    { promise: Promise<V>; resolve: (value: V) => void; reject: (error: unknown) => void }
  >();
  private busy = false;

  constructor(
    private readonly batch: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
    private readonly keysMax: number,
  ) {}

  run(key: K): Promise<V> {
    const known = this.waiting.get(key);
    if (known) return known.promise;
    let settle: { resolve: (value: V) => void; reject: (error: unknown) => void } | undefined;
    const promise = new Promise<V>((resolve, reject) => (settle = { resolve, reject }));
    if (settle) this.waiting.set(key, { promise, ...settle });
    if (!this.busy) void this.drain();
    return promise;
  }

  private async drain(): Promise<void> {
    this.busy = true;
    // Calls of the same turn of the event loop share the first batch too.
    await Promise.resolve();
    while (this.waiting.size) await this.next();
    this.busy = false;
  }

  private async next(): Promise<void> {
    const taken = [...this.waiting].slice(0, this.keysMax);
    for (const [key] of taken) this.waiting.delete(key);
    try {
      const values = await this.batch(taken.map(([key]) => key));
      for (const [key, { resolve, reject }] of taken) {
        const value = values.get(key);
        if (value === undefined) reject(new Error('a batch has left a call unanswered'));
        else resolve(value);
      }
    } catch (error) {
      for (const [, { reject }] of taken) reject(error);
    }
  }
}
