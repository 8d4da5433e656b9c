import type { Progress } from './checkpoint-rule';
import type { Entry } from './entry';
import { offerAll, type Offer } from './retry-queue';
import { batchEvents, type GroupSettings } from './settings';
import type { Source, Taken } from './source';
import { Unfinished } from './unfinished';

/** Looked at in one turn while live; what has come beyond that waits for the next. */
const liveEventsMax = 256;

export type BufferSettings = Pick<GroupSettings, 'historyBufferSize' | 'readBatchSize' | 'liveBufferSize'>;

/**
 * What a group has read and not yet sent, and how far everything up to a place is settled. It holds at most
 * `historyBufferSize` entries: a live group that cannot hold what arrives falls behind and later reads it from the log,
 * which is why nothing has to be kept for it.
 */
export class ReadBuffer {
  isLive = false;
  /** Events that have arrived while live, as far as the live buffer of the real server would remember them. */
  liveCount = 0;
  lastKnown: number | undefined;
  private readonly entries: Entry[] = [];
  private readonly unfinished = new Unfinished<{ before: number | undefined }>();
  private nextSequence: number;
  private last: Progress | undefined;

  constructor(
    private readonly source: Source,
    private readonly settings: BufferSettings,
    private cursor: number,
    checkpoint: number | undefined,
  ) {
    this.last = checkpoint === undefined ? undefined : { sequence: 0, place: checkpoint };
    this.nextSequence = checkpoint === undefined ? 0 : 1;
  }

  get size(): number {
    return this.entries.length;
  }

  /** Takes note of what has arrived, also while there is no room for it. */
  arrived(): void {
    const { last } = this.source;
    if (last !== undefined && last >= this.cursor) this.lastKnown = Math.max(this.lastKnown ?? last, last);
  }

  /** Reads what there is room for. `more`: there is room, and there may be more to read. */
  fill(retrySize: number): 'more' | 'enough' | 'gone' {
    return this.isLive ? this.fillLive() : this.fillBehind(retrySize);
  }

  offerAll(offer: (entry: Entry) => Offer): 'full' | 'done' {
    return offerAll(this.entries, offer);
  }

  finish(sequence: number): void {
    this.unfinished.finish(sequence);
  }

  /** Up to where everything has been dealt with; undefined while that is nothing. */
  get settled(): Progress | undefined {
    const { lowest } = this.unfinished;
    if (!lowest) return this.last;
    const { before } = lowest.known;
    return before === undefined ? undefined : { sequence: lowest.sequence - 1, place: before };
  }

  private fillLive(): 'more' | 'enough' | 'gone' {
    const room = this.settings.historyBufferSize - this.size;
    const result = this.read(Math.max(0, Math.min(room, liveEventsMax)), 'everything');
    if (result === 'gone' || result === 'end') return result === 'gone' ? 'gone' : 'enough';
    if (this.size < this.settings.historyBufferSize) return 'more';
    this.isLive = false;
    return 'enough';
  }

  private fillBehind(retrySize: number): 'more' | 'enough' | 'gone' {
    const { historyBufferSize, readBatchSize } = this.settings;
    if (historyBufferSize - retrySize - this.size <= readBatchSize) return 'enough';
    const result = this.read(batchEvents(readBatchSize), 'visible');
    if (result !== 'end') return result;
    this.isLive = true;
    this.liveCount = 0;
    return 'enough';
  }

  private read(max: number, view: 'visible' | 'everything'): 'more' | 'end' | 'gone' {
    const batch = this.source.read(this.cursor, max, view);
    if (batch === 'gone') return 'gone';
    for (const { place, taken } of batch.looked) this.look(place, taken);
    this.cursor = batch.next;
    return batch.atEnd ? 'end' : 'more';
  }

  private look(place: number, taken: Taken | undefined): void {
    const sequence = this.nextSequence++;
    if (taken) {
      const before = this.last?.place;
      this.entries.push({ ...taken, origin: { from: 'source', place, sequence, before }, retries: 0 });
      this.unfinished.add(sequence, { before });
      this.lastKnown = Math.max(this.lastKnown ?? place, place);
      if (this.isLive) this.liveCount = Math.min(this.liveCount + 1, Math.max(0, this.settings.liveBufferSize));
    }
    this.last = { sequence, place };
  }
}
