import type { Entry } from '../entry';
import type { Taker } from '../strategy';

export const entry = (place: number, bucket = 0, retries = 0): Entry => ({
  id: `event ${place}`,
  position: place,
  origin: { from: 'source', place, sequence: place, before: place > 0 ? place - 1 : undefined },
  bucket,
  retries,
});

export const replayed = (revision: number): Entry => ({
  id: `parked ${revision}`,
  position: 1_000 + revision,
  origin: { from: 'parked', revision },
  bucket: 0,
  retries: 0,
});

export const placeOf = ({ origin }: Entry): number => (origin.from === 'source' ? origin.place : -origin.revision - 1);

/** A consumer that holds what it was given until it is told to let go. */
export class TestTaker implements Taker {
  entries: Entry[] = [];

  constructor(public slots: number) {}

  get room(): number {
    return this.slots - this.entries.length;
  }

  get places(): number[] {
    return this.entries.map(placeOf);
  }

  heldByBucket(): Map<number, number> {
    const held = new Map<number, number>();
    for (const { bucket } of this.entries) held.set(bucket, (held.get(bucket) ?? 0) + 1);
    return held;
  }

  take(taken: Entry): void {
    this.entries.push(taken);
  }
}
