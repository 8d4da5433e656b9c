import type { Entry } from './entry';
import type { Offer } from './retry-queue';
import type { Strategy, Taker } from './strategy';

/**
 * Entries of one bucket go to one consumer for as long as it is there, so that one source is handled in order. A bucket
 * that nobody has goes to the consumer with the fewest; a consumer that arrives takes over what the others have too
 * many of, idle buckets first. An entry whose consumer is full waits for it, and others pass it.
 */
export class Pinning implements Strategy {
  private readonly owners = new Map<number, Taker>();
  private readonly owned = new Map<Taker, Set<number>>();

  add(taker: Taker): void {
    const mine = new Set<number>();
    this.owned.set(taker, mine);
    const fairShare = Math.ceil(this.owners.size / this.owned.size);
    for (const [other, buckets] of this.owned) {
      if (other === taker) continue;
      for (const bucket of idleFirst(buckets, other).slice(0, Math.max(0, buckets.size - fairShare))) {
        buckets.delete(bucket);
        this.assign(bucket, taker, mine);
      }
    }
  }

  remove(taker: Taker): void {
    for (const bucket of this.owned.get(taker) ?? []) this.owners.delete(bucket);
    this.owned.delete(taker);
  }

  offer(entry: Entry): Offer {
    if (!this.hasRoom()) return 'full';
    const owner = this.owners.get(entry.bucket) ?? this.assignToLeast(entry.bucket);
    if (!owner || owner.room <= 0) return 'busy';
    owner.take(entry);
    return 'sent';
  }

  private hasRoom(): boolean {
    for (const taker of this.owned.keys()) if (taker.room > 0) return true;
    return false;
  }

  private assignToLeast(bucket: number): Taker | undefined {
    let least: [Taker, Set<number>] | undefined;
    for (const candidate of this.owned) if (!least || candidate[1].size < least[1].size) least = candidate;
    if (least) this.assign(bucket, ...least);
    return least?.[0];
  }

  private assign(bucket: number, taker: Taker, buckets: Set<number>): void {
    this.owners.set(bucket, taker);
    buckets.add(bucket);
  }
}

const idleFirst = (buckets: Set<number>, taker: Taker): number[] => {
  const held = taker.heldByBucket();
  return [...buckets].sort((a, b) => (held.get(a) ?? 0) - (held.get(b) ?? 0));
};
