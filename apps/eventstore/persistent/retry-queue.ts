import type { Entry } from './entry';

/** What came of offering an entry to the consumers: it went out, its own consumer is busy, or all of them are. */
export type Offer = 'sent' | 'busy' | 'full';

/** Offers entries in order until nobody can take more; what went out is removed from the array. */
export const offerAll = (entries: Entry[], offer: (entry: Entry) => Offer): 'full' | 'done' => {
  let kept = 0;
  for (const [i, entry] of entries.entries()) {
    const result = offer(entry);
    if (result === 'full') {
      entries.splice(kept, i - kept);
      return 'full';
    }
    if (result === 'busy') entries[kept++] = entry;
  }
  entries.length = kept;
  return 'done';
};

/**
 * What has to go out again, before anything new. Entries of the source stand in the order of the source; replayed ones
 * come behind what is there when they arrive, and keep their place.
 */
export class RetryQueue {
  private readonly entries: Entry[] = [];
  private replayed = 0;

  get size(): number {
    return this.entries.length;
  }

  get replayedSize(): number {
    return this.replayed;
  }

  add(entry: Entry): void {
    const { origin } = entry;
    if (origin.from === 'parked') {
      this.replayed += 1;
      this.entries.push(entry);
      return;
    }
    const at = this.entries.findIndex(({ origin: other }) => other.from === 'source' && origin.place < other.place);
    if (at < 0) this.entries.push(entry);
    else this.entries.splice(at, 0, entry);
  }

  offerAll(offer: (entry: Entry) => Offer): 'full' | 'done' {
    return offerAll(this.entries, (entry) => {
      const result = offer(entry);
      if (result === 'sent' && entry.origin.from === 'parked') this.replayed -= 1;
      return result;
    });
  }
}
