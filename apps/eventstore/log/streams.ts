import { nameKey } from './keys';
import { parseMetadata, softDeletedAt, type StreamMetadata } from './metadata';
import { isMetadataStream, originalStreamOf } from './names';
import { dataOf, flagsOf, RecordFlag } from './record';
import type { Tables } from './tables';

/** What is stored of a stream under its name. */
export interface StreamState {
  /** 0 while the stream has never been written. */
  readonly id: number;
  /** Last revision, -1 when there are no events. */
  readonly head: number;
  /** Position of the tombstone, 0 without one. */
  readonly tombstone: number;
  /** Position of the newest metadata event, 0 without one. */
  readonly metadataPosition: number;
}

/** What is known of one stream. The writer makes new values; it never changes one that readers may hold. */
export interface Stream extends StreamState {
  readonly name: string;
  readonly metadata: StreamMetadata;
}

export const isTombstoned = (stream: Stream): boolean => stream.tombstone > 0;
export const isSoftDeleted = (stream: Stream): boolean => stream.metadata.truncateBefore === softDeletedAt;

// A metadata stream keeps its last event, whatever metadata somebody wrote about it.
const metadataOfMetadata: StreamMetadata = { maxCount: 1 };
const none: StreamMetadata = {};
const cachedStreamsMax = 8_192;
const recordBytes = 32;

/** The committed state of every stream, newest used kept in memory. */
export class Streams {
  private cache = new Map<string, Stream>();
  private older = new Map<string, Stream>();

  constructor(private readonly tables: Tables) {}

  get(name: string): Stream {
    const cached = this.cache.get(name) ?? this.older.get(name);
    const stream = cached ?? this.load(name);
    this.remember(stream);
    return stream;
  }

  /** A metadata stream shares the fate of its stream when that is tombstoned. */
  isGone(stream: Stream): boolean {
    return (
      isTombstoned(stream) || (isMetadataStream(stream.name) && isTombstoned(this.get(originalStreamOf(stream.name))))
    );
  }

  remember(stream: Stream): void {
    this.cache.set(stream.name, stream);
    if (this.cache.size < cachedStreamsMax) return;
    this.older = this.cache;
    this.cache = new Map();
  }

  /** The text of the newest metadata event. */
  metadataText(stream: Stream): string {
    const record = stream.metadataPosition > 0 ? this.tables.record(stream.metadataPosition) : undefined;
    return record ? dataOf(record).toString('utf8') : '{}';
  }

  private load(name: string): Stream {
    // LMDB has no empty keys; no stream has an empty name either.
    const stored = name === '' ? undefined : this.tables.stream(nameKey(Buffer.from(name, 'utf8')));
    if (!stored) return absentStream(name);
    const state = decodeStream(stored);
    const metadata = isMetadataStream(name) ? metadataOfMetadata : this.loadMetadata(state.metadataPosition);
    return { name, ...state, metadata };
  }

  private loadMetadata(position: number): StreamMetadata {
    const record = position > 0 ? this.tables.record(position) : undefined;
    return record ? metadataFrom(dataOf(record), (flagsOf(record) & RecordFlag.json) !== 0) : none;
  }
}

export const absentStream = (name: string): Stream => ({
  name,
  id: 0,
  head: -1,
  tombstone: 0,
  metadataPosition: 0,
  metadata: isMetadataStream(name) ? metadataOfMetadata : none,
});

export const metadataFrom = (data: Buffer, json: boolean): StreamMetadata =>
  json ? parseMetadata(data.toString('utf8')) : none;

export const encodeStream = (stream: StreamState): Buffer => {
  const record = Buffer.alloc(recordBytes);
  record.writeUIntBE(stream.id, 0, 6);
  record.writeUIntBE(stream.head + 1, 6, 6);
  record.writeUIntBE(stream.tombstone, 12, 6);
  record.writeUIntBE(stream.metadataPosition, 18, 6);
  return record;
};

export const decodeStream = (stored: Buffer): StreamState => ({
  id: stored.readUIntBE(0, 6),
  head: stored.readUIntBE(6, 6) - 1,
  tombstone: stored.readUIntBE(12, 6),
  metadataPosition: stored.readUIntBE(18, 6),
});
