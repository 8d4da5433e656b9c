import { crc32 } from 'node:zlib';
import {
  entryPosition,
  indexEntry,
  indexKey,
  nameKey,
  positionFromKey,
  positionMax,
  revisionFromKey,
} from '../log/keys';
import { following, type Frame } from '../log/journal-frame';
import type { LogEnd } from '../log/log-end';
import { metadataPrefix } from '../log/names';
import { DamagedFile, type Entry, type PageFile } from '../log/page-file';
import { createdOf, idOf, isRemoved, isVoid, nameOf, revisionOf, tombstoneRevision } from '../log/record';
import { faultOfRecord, readEnd } from '../log/store-check';
import { decodeStream, type StreamState } from '../log/streams';

/** What a sound store holds. */
export interface Verified {
  records: number;
  removed: number;
  streams: number;
  lastPosition: number;
  bytes: number;
}

/**
 * Reads everything once and compares: every record against its checksum, its place and the one before it; the revisions
 * of every stream, which must be dense; streams and index against the records. What the journal has behind the end of
 * the file is looked at in the same way.
 * Whether index and log say the same is decided by a sum over each, which needs no memory for events; the first
 * difference is searched for only when the sums differ. Memory grows with the number of streams.
 * @throws DamagedFile with the first fault
 */
export const verify = (file: PageFile, frames: readonly Frame[] = []): Verified => {
  file.walk();
  const end = readEnd(file);
  const streams = readStreams(file);
  const log: LogSummary = { records: 0, removed: 0, lastPosition: 0, createdMs: 0, sum: noSum() };
  checkLog(file.entries(file.table('log')), streams, log, end);
  checkIndex(file, streams, log.sum);
  for (const stream of streams.values()) checkStream(stream);
  for (const frame of following(frames, end.nextPosition)) checkFrame(frame, streams, log);
  const { records, removed, lastPosition } = log;
  return { records, removed, lastPosition, streams: streams.size, bytes: file.bytes };
};

const checkFrame = ({ from, end, ...tables }: Frame, streams: Map<string, Checked>, log: LogSummary): void => {
  for (const entry of tables.streams) noteStream(entry, streams);
  log.sum = noSum();
  checkLog(tables.records, streams, log, end);
  const index = noSum();
  for (const { key, value } of tables.index) add(index, key, value);
  if (!isSame(index, log.sum))
    throw new DamagedFile(`the journal's index differs from its records at position ${from}`);
  for (const { key } of tables.streams) checkStream(streams.get(textOf(key))!);
};

interface Checked extends StreamState {
  name: string;
  /** The revision that must come next, and what else the records say of the stream. */
  next: number;
  tombstoneSeen: number;
  metadataSeen: number;
}

const textOf = (key: Buffer): string => key.toString('latin1');

const readStreams = (file: PageFile): Map<string, Checked> => {
  const streams = new Map<string, Checked>();
  for (const entry of file.entries(file.table('streams'))) noteStream(entry, streams);
  return streams;
};

const noteStream = ({ key, value }: Entry, streams: Map<string, Checked>): void => {
  if (value.length < 24) throw new DamagedFile(`the stream '${key.toString()}' is malformed`);
  const seen = streams.get(textOf(key)) ?? { next: 0, tombstoneSeen: 0, metadataSeen: 0 };
  streams.set(textOf(key), { ...seen, ...decodeStream(value), name: key.toString() });
};

/** What has been seen of the log so far; the sum is over what the index must have. */
interface LogSummary {
  records: number;
  removed: number;
  lastPosition: number;
  createdMs: number;
  sum: Sum;
}

const checkLog = (entries: Iterable<Entry>, streams: Map<string, Checked>, summary: LogSummary, end: LogEnd): void => {
  for (const entry of entries) {
    const fault = faultOfRecord(entry);
    if (fault !== undefined) throw new DamagedFile(fault);
    const position = positionFromKey(entry.key);
    if (position <= summary.lastPosition)
      throw new DamagedFile(`position ${position} does not come after the one before`);
    const created = createdOf(entry.value);
    if (created < summary.createdMs) throw new DamagedFile(`the event at ${position} is older than one before it`);
    summary.createdMs = created;
    summary.lastPosition = position;
    summary.records += 1;
    if (isRemoved(entry.value)) summary.removed += 1;
    if (!isVoid(entry.value)) add(summary.sum, ...placesOf(entry.value, position, streams));
  }
  if (summary.records !== end.records) {
    throw new DamagedFile(`the log has ${summary.records} records where ${end.records} were written`);
  }
  if (summary.records > 0 && summary.lastPosition >= end.nextPosition) {
    throw new DamagedFile(`position ${summary.lastPosition} lies behind the recorded end of the log`);
  }
};

/** Follows the stream of a record, and returns what the index must have for it. */
const placesOf = (record: Buffer, position: number, streams: Map<string, Checked>): [Buffer, Buffer] => {
  const name = nameOf(record);
  const stream = streams.get(textOf(nameKey(name)));
  if (!stream) throw new DamagedFile(`the stream of the event at ${position}, '${name.toString()}', is not known`);
  const revision = revisionOf(record);
  if (revision === tombstoneRevision) stream.tombstoneSeen = position;
  else if (revision === stream.next) stream.next += 1;
  else {
    throw new DamagedFile(
      `stream '${stream.name}' has revision ${revision} at position ${position} where ${stream.next} belongs`,
    );
  }
  if (name.toString('latin1', 0, 2) === metadataPrefix && revision !== tombstoneRevision) {
    const original = streams.get(textOf(nameKey(name.subarray(2))));
    if (original) original.metadataSeen = position;
  }
  return [indexKey(stream.id, revision), indexEntry(position, idOf(record))];
};

const checkStream = ({ name, head, next, tombstone, tombstoneSeen, metadataPosition, metadataSeen }: Checked): void => {
  const said = (what: string, stored: number, found: number): void => {
    if (stored !== found)
      throw new DamagedFile(`stream '${name}' should have its ${what} at ${stored}, not at ${found}`);
  };
  said('last revision', head, next - 1);
  said('tombstone', tombstone, tombstoneSeen);
  said('metadata', metadataPosition, metadataSeen);
};

/** An order-independent sum over entries: equal for equal sets, and different for different ones but by a rare chance. */
interface Sum {
  count: number;
  sum: number;
}

const noSum = (): Sum => ({ count: 0, sum: 0 });
const isSame = (one: Sum, other: Sum): boolean => one.count === other.count && one.sum === other.sum;

const add = (total: Sum, key: Buffer, value: Buffer): void => {
  total.count += 1;
  total.sum = (total.sum + crc32(value, crc32(key))) % Number.MAX_SAFE_INTEGER;
};

const checkIndex = (file: PageFile, streams: Map<string, Checked>, log: Sum): void => {
  const index = noSum();
  for (const { key, value } of file.entries(file.table('index'))) {
    if (key.length !== 12 || value.length !== 24) throw new DamagedFile('an entry of the index is malformed');
    add(index, key, value);
  }
  if (isSame(index, log)) return;
  throw new DamagedFile(firstDifference(file, streams) ?? `the index has ${index.count} events, the log ${log.count}`);
};

// Entry by entry, from both sides; slow, and only for saying where.
const firstDifference = (file: PageFile, streams: Map<string, Checked>): string | undefined => {
  const tables = { log: file.table('log'), index: file.table('index') };
  for (const { key, value } of file.entries(tables.log)) {
    if (isVoid(value)) continue;
    const stream = streams.get(textOf(nameKey(nameOf(value))))!;
    const entry = file.find(tables.index, indexKey(stream.id, revisionOf(value)));
    const should = indexEntry(positionFromKey(key), idOf(value));
    const where = `revision ${revisionOf(value)} of stream '${stream.name}' at position ${positionFromKey(key)}`;
    if (!entry) return `${where} is missing in the index`;
    if (!entry.equals(should)) return `${where} is not what the index has there (position ${entryPosition(entry)})`;
  }
  for (const entry of file.entries(tables.index)) {
    const fault = strayIndexEntry(file, tables.log, entry);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const strayIndexEntry = (file: PageFile, log: ReturnType<PageFile['table']>, entry: Entry): string | undefined => {
  const position = entryPosition(entry.value);
  const record = file.find(log, entry.value.subarray(0, 8));
  const revision = revisionFromKey(entry.key);
  if (!record) return `the index has revision ${revision} at position ${position}, where no record is`;
  return Math.min(revisionOf(record), positionMax) === revision
    ? undefined
    : `the index has revision ${revision} at position ${position}, where revision ${revisionOf(record)} is`;
};
