import { recordBytes, type Frame } from './journal-frame';
import { positionFromKey, revisionFromKey } from './keys';
import type { LogEnd } from './log-end';

export interface Located {
  position: number;
  record: Buffer;
}

export interface PlacedEntry {
  revision: number;
  entry: Buffer;
}

/** What stands in the journal and is not in the database yet, so that it can be read from memory meanwhile. */
export class Backlog {
  private readonly frames: Frame[] = [];
  private readonly records: Located[] = [];
  /** Entries of the index by stream id, in the order of their revisions. */
  private readonly entries = new Map<number, PlacedEntry[]>();
  private readonly streams = new Map<string, Buffer>();
  /** Bytes of the records. */
  bytes = 0;

  /** Position of the first record; Infinity without one. */
  get start(): number {
    return this.frames[0]?.from ?? Infinity;
  }

  /** The end of the log behind the last frame. */
  get end(): LogEnd | undefined {
    return this.frames.at(-1)?.end;
  }

  add(frame: Frame): void {
    this.frames.push(frame);
    this.bytes += recordBytes(frame);
    for (const { key, value } of frame.records) this.records.push({ position: positionFromKey(key), record: value });
    for (const { key, value } of frame.index) {
      const placed = { revision: revisionFromKey(key), entry: value };
      const streamId = streamIdOf(key);
      const entries = this.entries.get(streamId);
      if (entries) entries.push(placed);
      else this.entries.set(streamId, [placed]);
    }
    for (const { key, value } of frame.streams) this.streams.set(key.toString('latin1'), value);
  }

  /** The oldest frames, up to so many bytes of records; at least one where there is one. */
  oldest(bytesMax: number): Frame[] {
    let bytes = 0;
    const beyond = this.frames.findIndex((frame, n) => {
      bytes += recordBytes(frame);
      return n > 0 && bytes > bytesMax;
    });
    return this.frames.slice(0, beyond < 0 ? this.frames.length : beyond);
  }

  /** Forgets the oldest frames, which the database now has. */
  drop(count: number): void {
    for (const frame of this.frames.splice(0, count)) {
      this.bytes -= recordBytes(frame);
      this.records.splice(0, frame.records.length);
      for (const { key } of frame.index) this.dropEntry(streamIdOf(key));
      for (const { key, value } of frame.streams) {
        const name = key.toString('latin1');
        // A later frame may have put another.
        if (this.streams.get(name) === value) this.streams.delete(name);
      }
    }
  }

  record(position: number): Buffer | undefined {
    const found = this.records[this.placeOf(position)];
    return found?.position === position ? found.record : undefined;
  }

  /** Records with position ≥ `from`, oldest first. */
  *recordsFrom(from: number): Generator<Located> {
    for (let at = this.placeOf(from); at < this.records.length; at += 1) yield this.records[at]!;
  }

  /** Records with position < `before`, newest first. */
  *recordsBefore(before: number): Generator<Located> {
    for (let at = this.placeOf(before) - 1; at >= 0; at -= 1) yield this.records[at]!;
  }

  entry(streamId: number, revision: number): Buffer | undefined {
    const [found] = this.entriesBetween(streamId, revision, revision);
    return found?.entry;
  }

  /** Entries of a stream whose revision lies between two, both included, in the order of their revisions. */
  entriesBetween(streamId: number, low: number, high: number): PlacedEntry[] {
    const entries = this.entries.get(streamId) ?? [];
    const at = (revision: number): number => placeIn(entries, (placed) => placed.revision < revision);
    return entries.slice(at(low), at(high + 1));
  }

  stream(key: Buffer): Buffer | undefined {
    return this.streams.size === 0 ? undefined : this.streams.get(key.toString('latin1'));
  }

  private dropEntry(streamId: number): void {
    const entries = this.entries.get(streamId)!;
    entries.shift();
    if (entries.length === 0) this.entries.delete(streamId);
  }

  /** Index of the first record with position ≥ `position`. */
  private placeOf(position: number): number {
    return placeIn(this.records, (located) => located.position < position);
  }
}

/** Index of the first item that does not come before; the items are in order. */
const placeIn = <T>(items: readonly T[], isBefore: (item: T) => boolean): number => {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
};

const streamIdOf = (key: Buffer): number => key.readUIntBE(0, 6);
