import type { Entry } from './entry';
import type { Offer } from './retry-queue';

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
