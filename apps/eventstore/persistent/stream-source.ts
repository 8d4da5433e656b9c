import { resolveLink } from '../log/links';
import { idOf, positionOf, revisionOf, tombstoneRevision } from '../log/record';
import { isSoftDeleted, type Stream } from '../log/streams';
import { firstVisible } from '../log/visible-range';
import { pageBytesMax } from '../services/paging';
import type { Store } from '../services/store';
import type { Bucketing } from './bucketing';
import type { Batch, Looked, Source } from './source';

/** The events of one stream by revision. The stream need not exist yet. */
export class StreamSource implements Source {
  constructor(
    private readonly store: Store,
    private readonly name: string,
    private readonly resolveLinks: boolean,
    private readonly bucketing: Bucketing,
  ) {}

  get end(): number {
    return this.stream.head + 1;
  }

  get last(): number {
    return this.stream.head;
  }

  canStartAt(): boolean {
    return true;
  }

  read(from: number, max: number, view: 'visible' | 'everything'): Batch | 'gone' {
    const { stream } = this;
    if (view === 'everything') return this.events(stream, from, max);
    if (this.store.log.streams.isGone(stream)) return 'gone';
    const shown = isSoftDeleted(stream) ? stream.head + 1 : firstVisible(this.store.reader, stream, Date.now());
    return this.events(stream, Math.max(from, shown), max);
  }

  private get stream(): Stream {
    return this.store.log.streams.get(this.name);
  }

  private events(stream: Stream, from: number, max: number): Batch {
    const to = Math.min(from + max - 1, stream.head);
    const page = to < from ? undefined : this.store.reader.ofStream(stream, from, to, pageBytesMax);
    const looked = page?.records.map((record) => this.looked(record)) ?? [];
    const next = page ? page.last + 1 : from;
    return next <= stream.head ? { looked, next, atEnd: false } : this.withTombstone(stream, looked, next, max);
  }

  // A consumer that is live sees the end of its stream as an event.
  private withTombstone(stream: Stream, looked: Looked[], next: number, max: number): Batch {
    const isNew = stream.tombstone > 0 && next < tombstoneRevision;
    if (!isNew) return { looked, next, atEnd: true };
    if (looked.length >= max) return { looked, next, atEnd: false };
    const record = this.store.reader.at(stream.tombstone);
    return { looked: record ? [...looked, this.looked(record)] : looked, next: Infinity, atEnd: true };
  }

  private looked(record: Buffer): Looked {
    const { log, reader } = this.store;
    const target = this.resolveLinks ? resolveLink(log, reader, record) : undefined;
    const taken = { id: idOf(record), position: positionOf(record), bucket: this.bucketing(record, target) };
    return { place: revisionOf(record), taken };
  }
}
