import type { Entry } from './entry';
import type { Offer } from './retry-queue';
import type { Strategy, Taker } from './strategy';

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
