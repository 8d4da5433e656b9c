import { checkCommit, type Expected, type Known } from './commit-check';
import type { WriteRequest, WriteResult } from './append';
import type { Frame } from './journal-frame';
import { entryId, entryPosition, indexEntry, indexKey, nameKey, positionKey } from './keys';
import type { LogEnd } from './log-end';
import { withTruncateBefore } from './metadata';
import { eventTypes, isHiddenFromAll, isMetadataStream, metadataStreamOf, originalStreamOf } from './names';
import type { RecentIds } from './recent-ids';
import { headerBytes, recordLength, tombstoneRevision, voidRecord, writeRecord, type NewEvent } from './record';
import type { Entry } from './page-file';
import { encodeStream, isSoftDeleted, isTombstoned, metadataFrom, type Stream, type Streams } from './streams';
import type { Tables } from './tables';

const noBytes = Buffer.alloc(0);
const softDeleteText = Buffer.from('{"$tb":9223372036854775807}');

/**
 * One frame of the journal in the making: the appends that are committed together. Each is checked against what the ones
 * before it in the group leave behind, so their order is the order of the log. Streams change in a layer over the
 * committed ones; when the write fails the layer is thrown away and nothing else has to be undone.
 */
export class Group {
  /** Streams as they will be, by name. */
  readonly changed = new Map<string, Stream>();
  private readonly records: Entry[] = [];
  private readonly entries: Entry[] = [];
  private readonly pendingEntries = new Map<string, Buffer>();
  private readonly metadataTexts = new Map<string, string>();

  private readonly from: number;

  constructor(
    private readonly tables: Tables,
    private readonly streams: Streams,
    private readonly recent: RecentIds,
    readonly end: LogEnd,
    private readonly newId: () => string,
  ) {
    this.from = end.nextPosition;
  }

  apply(request: WriteRequest): WriteResult {
    if (request.kind === 'append') return this.append(request.stream, request.expected, request.events);
    return request.kind === 'delete'
      ? this.softDelete(request.stream, request.expected)
      : this.tombstone(request.stream, request.expected);
  }

  /** Everything that is to be stored; undefined when nothing is. */
  frame(): Frame | undefined {
    const { from, end, records, entries: index } = this;
    if (records.length === 0) return undefined;
    const streams = [...this.changed.values()].map((stream) => ({
      key: nameKey(Buffer.from(stream.name, 'utf8')),
      value: encodeStream(stream),
    }));
    return { from, end, records, index, streams };
  }

  private append(name: string, expected: Expected, events: NewEvent[]): WriteResult {
    const stream = this.stream(name);
    const refused = this.check(
      stream,
      expected,
      events.map(({ id }) => id),
    );
    if (refused) return refused;
    const undelete = isSoftDeleted(stream);
    const original = isMetadataStream(name) ? this.stream(originalStreamOf(name)) : undefined;
    const undeleteOriginal = original !== undefined && isSoftDeleted(original);
    const result = events.length === 0 ? this.writeVoid(stream) : this.writeEvents(stream, events);
    if (undelete) this.undelete(name, stream.head + 1);
    if (undeleteOriginal) this.undelete(original.name, original.head + 1);
    return result;
  }

  private softDelete(name: string, expected: Expected): WriteResult {
    const stream = this.stream(name);
    const refused = this.check(stream, expected, [this.newId()]);
    if (refused) return refused;
    if (stream.head < 0 && stream.metadataPosition === 0) return { outcome: 'wrong-expected-version', head: -1 };
    return this.writeMetadata(name, softDeleteText);
  }

  private tombstone(name: string, expected: Expected): WriteResult {
    const stream = this.stream(name);
    const refused = this.check(stream, expected, [this.newId()]);
    if (refused) return refused;
    const existing = this.existing(stream);
    const event = { id: this.newId(), type: eventTypes.tombstone, json: false, data: noBytes, metadata: noBytes };
    const position = this.put(existing, event, tombstoneRevision);
    this.change({ ...existing, tombstone: position });
    return { outcome: 'written', revision: tombstoneRevision, position };
  }

  private check(stream: Stream, expected: Expected, ids: string[]): WriteResult | undefined {
    const check = checkCommit(expected, ids, this.known(stream));
    switch (check.decision) {
      case 'write':
        return undefined;
      case 'deleted':
        return { outcome: 'deleted' };
      case 'wrong-expected-version':
        return { outcome: 'wrong-expected-version', head: stream.head };
      case 'repeated':
        return { outcome: 'repeated', revision: check.revision, position: this.shownPosition(stream, check.revision) };
    }
  }

  private known(stream: Stream): Known {
    return {
      head: stream.head,
      tombstoned: this.isGone(stream),
      softDeleted: isSoftDeleted(stream),
      hasMetadata: stream.metadataPosition > 0,
      recentRevision: (id) => {
        const event = this.recent.get(id);
        return event && event.streamId === stream.id ? event.revision : undefined;
      },
      idAt: (revision) => this.idAt(stream, revision),
    };
  }

  private idAt(stream: Stream, revision: number): string | undefined {
    if (revision > stream.head) return undefined;
    const entry = this.pendingEntries.get(entryName(stream.id, revision)) ?? this.tables.entry(stream.id, revision);
    return entry && entryId(entry);
  }

  private shownPosition(stream: Stream, revision: number): number | undefined {
    const { maxCount, truncateBefore } = stream.metadata;
    const first = Math.max(truncateBefore ?? 0, maxCount === undefined ? 0 : stream.head - maxCount + 1);
    if (revision < first) return undefined;
    const entry = this.pendingEntries.get(entryName(stream.id, revision)) ?? this.tables.entry(stream.id, revision);
    return entry && entryPosition(entry);
  }

  private writeEvents(stream: Stream, events: NewEvent[]): WriteResult {
    let current = this.existing(stream);
    let position = 0;
    for (const event of events) {
      const revision = current.head + 1;
      position = this.put(current, event, revision);
      this.recent.add(event.id, { streamId: current.id, revision, position });
      current = { ...current, head: revision };
    }
    this.change(current);
    const last = events[events.length - 1]!;
    if (isMetadataStream(stream.name)) this.noteMetadata(originalStreamOf(stream.name), last, position);
    return { outcome: 'written', revision: current.head, position };
  }

  private noteMetadata(name: string, { data, json }: NewEvent, position: number): void {
    // The metadata stream of a metadata stream is kept, and changes nothing.
    const original = this.existing(this.stream(name));
    const metadata = isMetadataStream(name) ? original.metadata : metadataFrom(data, json);
    this.metadataTexts.set(name, data.toString('utf8'));
    this.change({ ...original, metadata, metadataPosition: position });
  }

  private writeMetadata(name: string, data: Buffer): WriteResult {
    const event = { id: this.newId(), type: eventTypes.metadata, json: true, data, metadata: noBytes };
    return this.writeEvents(this.stream(metadataStreamOf(name)), [event]);
  }

  private undelete(name: string, firstRevision: number): void {
    const stream = this.stream(name);
    const text = this.metadataTexts.get(name) ?? this.streams.metadataText(stream);
    const restored = withTruncateBefore(text, firstRevision);
    if (restored !== undefined) this.writeMetadata(name, Buffer.from(restored, 'utf8'));
  }

  // An append of nothing leaves a record behind, so that it too has a position of its own.
  private writeVoid(stream: Stream): WriteResult {
    const position = this.end.nextPosition;
    this.records.push({ key: positionKey(position), value: voidRecord(position, this.now()) });
    this.end.nextPosition = position + headerBytes;
    this.end.records += 1;
    return { outcome: 'written', revision: stream.head, position };
  }

  private put(stream: Stream, event: NewEvent, revision: number): number {
    const position = this.end.nextPosition;
    const name = Buffer.from(stream.name, 'utf8');
    const place = { name, revision, position, createdMs: this.now(), hidden: isHiddenFromAll(stream.name) };
    const length = recordLength(event, place);
    const record = Buffer.allocUnsafe(length);
    writeRecord(record, event, place);
    this.records.push({ key: positionKey(position), value: record });
    const entry = indexEntry(position, event.id);
    this.entries.push({ key: indexKey(stream.id, revision), value: entry });
    this.pendingEntries.set(entryName(stream.id, revision), entry);
    this.end.nextPosition = position + length;
    this.end.records += 1;
    return position;
  }

  // Time never runs backwards in the log, whatever the clock does: $maxAge and search by time rest on it.
  private now(): number {
    this.end.lastCreatedMs = Math.max(this.end.lastCreatedMs, Date.now());
    return this.end.lastCreatedMs;
  }

  private stream(name: string): Stream {
    return this.changed.get(name) ?? this.streams.get(name);
  }

  private existing(stream: Stream): Stream {
    return stream.id > 0 ? stream : { ...stream, id: this.end.nextStreamId++ };
  }

  private isGone(stream: Stream): boolean {
    return (
      isTombstoned(stream) ||
      (isMetadataStream(stream.name) && isTombstoned(this.stream(originalStreamOf(stream.name))))
    );
  }

  private change(stream: Stream): void {
    this.changed.set(stream.name, stream);
  }
}

const entryName = (streamId: number, revision: number): string => `${streamId}/${revision}`;
