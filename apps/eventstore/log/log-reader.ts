import type { EventLog } from './event-log';
import { entryPosition, indexKey, positionFromKey, positionKey, revisionFromKey } from './keys';
import { createdOf, isHidden, isRemoved } from './record';
import type { Stream } from './streams';

export interface Located {
  position: number;
  record: Buffer;
}

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
    const range = this.log.environment.log.getRange({ start: positionKey(from), limit: recordsMax });
    for (const { key, value } of range) {
      const position = positionFromKey(key);
      seen += 1;
      next = position + 1;
      if (isHidden(value)) continue;
      records.push({ position, record: value });
      bytes += value.length;
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
    const start = positionKey(before - 1);
    for (const { key, value } of this.log.environment.log.getRange({ start, reverse: true, limit: recordsMax })) {
      next = positionFromKey(key);
      seen += 1;
      if (isHidden(value)) continue;
      records.push({ position: next, record: value });
      bytes += value.length;
      if (bytes >= bytesMax) return { records, next, atEnd: false };
    }
    return { records, next, atEnd: seen < recordsMax };
  }

  /** Whether a record begins at this position, or the log ends there. */
  isBoundary(position: number): boolean {
    return position === this.log.endPosition || this.log.environment.log.doesExist(positionKey(position));
  }

  /** The event at a position; undefined when there is none, or none any more. */
  at(position: number): Buffer | undefined {
    const record = this.recordAt(position);
    return record && isRemoved(record) ? undefined : record;
  }

  private recordAt(position: number): Buffer | undefined {
    return this.log.environment.log.get(positionKey(position));
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
    // The end of a range is excluded, in either direction.
    const end = reverse ? to - 1 : to + 1;
    let bytes = 0;
    if (stream.id === 0) return { records, last: to };
    const range = this.log.environment.index.getRange({
      start: indexKey(stream.id, from),
      end: end < 0 ? indexKey(stream.id - 1, Number.MAX_SAFE_INTEGER) : indexKey(stream.id, end),
      reverse,
    });
    for (const { key, value } of range) {
      const record = this.at(entryPosition(value));
      if (!record) continue;
      records.push(record);
      bytes += record.length;
      if (bytes >= bytesMax) return { records, last: revisionFromKey(key) };
    }
    return { records, last: to };
  }

  /** First revision in `from`…`head` whose event is not older than `sinceMs`; head + 1 when all are. */
  firstSince(stream: Stream, from: number, sinceMs: number): number {
    let low = from;
    let high = stream.head + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const entry = this.log.environment.index.get(indexKey(stream.id, middle));
      const record = entry && this.recordAt(entryPosition(entry));
      if (record && createdOf(record) >= sinceMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
