import type { Located } from './backlog';
import type { EventLog } from './event-log';
import { entryPosition } from './keys';
import { createdOf, isHidden, isRemoved } from './record';
import type { Stream } from './streams';

/**
 * Reads records in pages: a page is read in one turn of the event loop, from one snapshot, and nothing stays open
 * between pages. What a page holds is bounded by its number of records and by its bytes.
 */
export class LogReader {
  constructor(private readonly log: EventLog) {}

  /** Records with position ≥ `from`, oldest first, that `accept` takes; at most `recordsMax` are looked at. */
  forwards(from: number, recordsMax: number, bytesMax: number): { records: Located[]; next: number; atEnd: boolean } {
    const records: Located[] = [];
    let seen = 0;
    let bytes = 0;
    let next = from;
    for (const located of this.log.tables.recordsFrom(from, recordsMax)) {
      seen += 1;
      next = located.position + 1;
      if (isHidden(located.record)) continue;
      records.push(located);
      bytes += located.record.length;
      if (bytes >= bytesMax) return { records, next, atEnd: false };
    }
    return { records, next, atEnd: seen < recordsMax };
  }

  /** Records with position < `before`, newest first. */
  backwards(
    before: number,
    recordsMax: number,
    bytesMax: number,
  ): { records: Located[]; next: number; atEnd: boolean } {
    const records: Located[] = [];
    let seen = 0;
    let bytes = 0;
    let next = before;
    if (before <= 0) return { records, next, atEnd: true };
    for (const located of this.log.tables.recordsBefore(before, recordsMax)) {
      next = located.position;
      seen += 1;
      if (isHidden(located.record)) continue;
      records.push(located);
      bytes += located.record.length;
      if (bytes >= bytesMax) return { records, next, atEnd: false };
    }
    return { records, next, atEnd: seen < recordsMax };
  }

  /** Whether a record begins at this position, or the log ends there. */
  isBoundary(position: number): boolean {
    return position === this.log.endPosition || this.log.tables.hasRecord(position);
  }

  /** The event at a position; undefined when there is none, or none any more. */
  at(position: number): Buffer | undefined {
    const record = this.recordAt(position);
    return record && isRemoved(record) ? undefined : record;
  }

  private recordAt(position: number): Buffer | undefined {
    return this.log.tables.record(position);
  }

  /** Records of a stream in revisions `from` to `to`, both included, in that order; `last` is how far it got. */
  ofStream(
    stream: Stream,
    from: number,
    to: number,
    bytesMax: number,
    reverse = false,
  ): { records: Buffer[]; last: number } {
    const records: Buffer[] = [];
    let bytes = 0;
    if (stream.id === 0) return { records, last: to };
    for (const { revision, entry } of this.log.tables.entries(stream.id, from, to, reverse)) {
      const record = this.at(entryPosition(entry));
      if (!record) continue;
      records.push(record);
      bytes += record.length;
      if (bytes >= bytesMax) return { records, last: revision };
    }
    return { records, last: to };
  }

  /** First revision in `from`…`head` whose event is not older than `sinceMs`; head + 1 when all are. */
  firstSince(stream: Stream, from: number, sinceMs: number): number {
    let low = from;
    let high = stream.head + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const entry = this.log.tables.entry(stream.id, middle);
      const record = entry && this.recordAt(entryPosition(entry));
      if (record && createdOf(record) >= sinceMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
