import type { Backlog, Located, PlacedEntry } from './backlog';
import type { Environment } from './environment';
import { indexKey, positionFromKey, positionKey, revisionFromKey } from './keys';

/**
 * Everything that is on disk, whether the database has it or still the journal alone. While something is brought from
 * the one into the other both may have it for a moment, and it is shown once.
 */
export class Tables {
  constructor(
    private readonly open: () => Environment,
    private readonly backlog: Backlog,
  ) {}

  record(position: number): Buffer | undefined {
    return this.backlog.record(position) ?? this.open().log.get(positionKey(position));
  }

  hasRecord(position: number): boolean {
    return this.backlog.record(position) !== undefined || this.open().log.doesExist(positionKey(position));
  }

  /** Records with position ≥ `from`, oldest first; `limit` at most. */
  *recordsFrom(from: number, limit: number): Generator<Located> {
    let next = from;
    let left = limit;
    if (from < this.backlog.start) {
      for (const { key, value } of this.open().log.getRange({ start: positionKey(from), limit })) {
        const position = positionFromKey(key);
        next = position + 1;
        left -= 1;
        yield { position, record: value };
      }
    }
    if (left === 0) return;
    for (const located of this.backlog.recordsFrom(next)) {
      yield located;
      left -= 1;
      if (left === 0) return;
    }
  }

  /** Records with position < `before`, newest first; `limit` at most. */
  *recordsBefore(before: number, limit: number): Generator<Located> {
    let next = before;
    let left = limit;
    for (const located of this.backlog.recordsBefore(before)) {
      next = located.position;
      yield located;
      left -= 1;
      if (left === 0) return;
    }
    if (next <= 0) return;
    for (const { key, value } of this.open().log.getRange({ start: positionKey(next - 1), reverse: true, limit: left }))
      yield { position: positionFromKey(key), record: value };
  }

  entry(streamId: number, revision: number): Buffer | undefined {
    return this.backlog.entry(streamId, revision) ?? this.open().index.get(indexKey(streamId, revision));
  }

  /** Entries of a stream in revisions `from` to `to`, both included, in that order. */
  *entries(streamId: number, from: number, to: number, reverse: boolean): Generator<PlacedEntry> {
    const recent = this.backlog.entriesBetween(streamId, Math.min(from, to), Math.max(from, to));
    if (reverse) yield* recent.reverse();
    // What the backlog has of a stream comes behind all that the database has of it.
    let next = reverse ? Math.min(from, (recent.at(-1)?.revision ?? Infinity) - 1) : from;
    for (const { key, value } of this.range(streamId, next, to, reverse)) {
      const revision = revisionFromKey(key);
      next = revision + 1;
      yield { revision, entry: value };
    }
    if (!reverse) for (const placed of recent) if (placed.revision >= next) yield placed;
  }

  /** What is stored under the key of a stream. */
  stream(key: Buffer): Buffer | undefined {
    return this.backlog.stream(key) ?? this.open().streams.get(key);
  }

  private range(
    streamId: number,
    from: number,
    to: number,
    reverse: boolean,
  ): Iterable<{ key: Buffer; value: Buffer }> {
    if (from < 0) return [];
    // The end of a range is excluded, in either direction.
    const end = reverse ? to - 1 : to + 1;
    return this.open().index.getRange({
      start: indexKey(streamId, from),
      end: end < 0 ? indexKey(streamId - 1, Number.MAX_SAFE_INTEGER) : indexKey(streamId, end),
      reverse,
    });
  }
}
