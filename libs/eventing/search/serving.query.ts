import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { Unavailable } from '../failures';
import { KeyRing } from '../keys/key-ring';
import { readProgress } from '../projections/projection-store.adapter';
import { indexTableOf, SearchIndex } from './search-index';
import { readGenerations } from './search-store.adapter';
import { Tokens } from './terms';

/** The table that searches go by now, and the tokens that it holds. */
const lookEveryMilliseconds = 10;
const waitMillisecondsMax = 2_000;

export interface ServingIndex {
  readonly table: string;
  readonly tokens: Tokens;
  /** It is as new as the log was here. */
  readonly sequence: number;
}

export class ServingIndexes {
  constructor(
    private readonly pool: Pool,
    private readonly keys: KeyRing,
  ) {}

  /** Waits, bounded, while it is being built for the first time. @throws Unavailable when that takes longer */
  async of(index: SearchIndex): Promise<ServingIndex> {
    const deadline = performance.now() + waitMillisecondsMax;
    let [serving] = await readGenerations(this.pool, index);
    while (!serving?.serving && performance.now() < deadline) {
      await wait(lookEveryMilliseconds);
      [serving] = await readGenerations(this.pool, index);
    }
    if (!serving?.serving) throw new Unavailable('not-done', 'the index of words is being built');
    const key = (await this.keys.find('search_key', [serving.keyId])).get(serving.keyId);
    if (!(key instanceof Buffer)) throw new Unavailable('not-done', 'the index of words is being exchanged');
    return { table: indexTableOf(index, serving.keyId), tokens: new Tokens(key), sequence: serving.sequence };
  }

  /** Waits, bounded, until some indexes are as new as the projections are now. @returns whether they are */
  async upToDate(indexes: readonly SearchIndex[]): Promise<boolean> {
    const { sequence: wanted } = await readProgress(this.pool);
    const deadline = performance.now() + waitMillisecondsMax;
    for (;;) {
      const reached = await Promise.all(indexes.map((index) => this.reached(index)));
      if (Math.min(...reached) >= wanted) return true;
      if (performance.now() >= deadline) return false;
      await wait(lookEveryMilliseconds);
    }
  }

  private async reached(index: SearchIndex): Promise<number> {
    const [serving] = await readGenerations(this.pool, index);
    return serving?.serving ? serving.sequence : -1;
  }
}
