import { resolveLink } from '../log/links';
import type { Located } from '../log/backlog';
import { idOf } from '../log/record';
import { pageBytesMax, pageRecordsMax } from '../services/paging';
import type { Store } from '../services/store';
import type { Filter } from '../subscriptions/filter';
import type { Bucketing } from './bucketing';
import type { Batch, Looked, Source } from './source';

/** The events of $all by position, through the group's filter. */
export class AllSource implements Source {
  // Only its filter could tell whether the last record counts.
  readonly last = undefined;

  constructor(
    private readonly store: Store,
    private readonly accept: Filter | undefined,
    private readonly resolveLinks: boolean,
    private readonly bucketing: Bucketing,
  ) {}

  get end(): number {
    return this.store.log.endPosition;
  }

  canStartAt(place: number): boolean {
    return place === 0 || this.store.reader.isBoundary(place);
  }

  read(from: number, max: number): Batch {
    if (max <= 0) return { looked: [], next: from, atEnd: false };
    const page = this.store.reader.forwards(from, this.accept ? pageRecordsMax : max, pageBytesMax);
    const looked: Looked[] = [];
    let taken = 0;
    for (const located of page.records) {
      if (taken === max) return { looked, next: located.position, atEnd: false };
      const event = this.looked(located);
      if (event.taken) taken += 1;
      looked.push(event);
    }
    return { looked, next: page.next, atEnd: page.atEnd };
  }

  private looked({ position, record }: Located): Looked {
    if (this.accept && !this.accept(record)) return { place: position, taken: undefined };
    const { log, reader } = this.store;
    const target = this.resolveLinks ? resolveLink(log, reader, record) : undefined;
    return { place: position, taken: { id: idOf(record), position, bucket: this.bucketing(record, target) } };
  }
}
