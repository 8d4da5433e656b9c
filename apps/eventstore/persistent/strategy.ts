import { crc32 } from 'node:zlib';
import type { Entry } from './entry';
import { Pinning } from './pinning';
import type { Offer } from './retry-queue';
import type { StrategyName } from './settings';

/** What a strategy needs to know of a consumer. */
export interface Taker {
  /** How many entries it can take now. */
  readonly room: number;
  /** Entries that it has not answered for. */
  heldByBucket(): Map<number, number>;
  take(entry: Entry): void;
}

/** Decides which consumer gets an entry. */
export interface Strategy {
  add(taker: Taker): void;
  remove(taker: Taker): void;
  offer(entry: Entry): Offer;
}

/** Each entry goes to the consumer that has waited longest; who is full is passed over. */
export class RoundRobin implements Strategy {
  protected takers: Taker[] = [];

  add(taker: Taker): void {
    this.takers.push(taker);
  }

  remove(taker: Taker): void {
    this.takers = this.takers.filter((other) => other !== taker);
  }

  offer(entry: Entry): Offer {
    for (let turn = 0; turn < this.takers.length; turn += 1) {
      const taker = this.takers.shift()!;
      this.takers.push(taker);
      if (taker.room <= 0) continue;
      taker.take(entry);
      return 'sent';
    }
    return 'full';
  }
}

/** One consumer gets everything until it is full; then the next one does. */
export class DispatchToSingle extends RoundRobin {
  override offer(entry: Entry): Offer {
    for (let turn = 0; turn < this.takers.length; turn += 1) {
      const taker = this.takers[0]!;
      if (taker.room > 0) {
        taker.take(entry);
        return 'sent';
      }
      this.takers.push(this.takers.shift()!);
    }
    return 'full';
  }
}

export const strategyNamed = (name: StrategyName): Strategy => {
  switch (name) {
    case 'RoundRobin':
      return new RoundRobin();
    case 'DispatchToSingle':
      return new DispatchToSingle();
    case 'Pinned':
    case 'PinnedByCorrelation':
      return new Pinning();
  }
};

export const bucketCount = 1_024;
export const bucketOf = (text: string): number => crc32(text) % bucketCount;
