import { crc32 } from 'node:zlib';
import { varintLength, writeVarint } from '../protobuf/writer';

/**
 * A record on disk is a fixed header followed by the protobuf bytes of the `RecordedEvent` that readers are sent.
 * Reading an event is therefore copying bytes: nothing is decoded or encoded, and what one reader got every later one
 * gets, byte for byte. The header repeats what the server itself must know (where name, type and data lie, revision,
 * time) and begins with a checksum over everything behind it.
 *
 *   0 checksum u32 · 4 flags u32 · 8 name offset u32 · 12 name length u32 · 16 type offset u32 · 20 type length u32
 *   24 data length u32 (data is last) · 28 reserved u32 · 32 created, ms since 1970, f64 · 40 revision f64
 *   48 position f64
 */
export const headerBytes = 56;

export const RecordFlag = {
  /** A link by its type, whatever its content type. */
  link: 1,
  json: 2,
  /** Kept out of every view of $all, as the real server does with its own bookkeeping. */
  hidden: 4,
  /** Carries no event: the trace of an append without events. */
  void: 8,
  /** What is left of an event that was removed: id, stream, revision and position, so that all of them stay taken. */
  removed: 16,
} as const;

export interface NewEvent {
  /** 36 characters, lower case. */
  id: string;
  type: Buffer;
  json: boolean;
  data: Buffer;
  metadata: Buffer;
}

/** The revision of a tombstone, 2^63-1, which is the number it rounds to. */
export const tombstoneRevision = 2 ** 63;
const tombstoneRevisionWire = (1n << 63n) - 1n;
const tombstoneVarintBytes = 9;

const noBytes = Buffer.alloc(0);
const linkType = Buffer.from('$>');
const jsonType = Buffer.from('application/json');
const binaryType = Buffer.from('application/octet-stream');
const typeKey = Buffer.from('type');
const createdKey = Buffer.from('created');
const contentTypeKey = Buffer.from('content-type');
const createdDigits = 17;

const lengthDelimited = (length: number): number => 1 + varintLength(length) + length;
const entryLength = (key: number, value: number): number => lengthDelimited(key) + lengthDelimited(value);

const revisionLength = (revision: number): number =>
  revision === tombstoneRevision ? tombstoneVarintBytes : varintLength(revision);

export interface Placement {
  name: Buffer;
  revision: number;
  position: number;
  createdMs: number;
  hidden: boolean;
}

export const recordLength = (event: NewEvent, { name, revision, position }: Placement): number => {
  const content = event.json ? jsonType : binaryType;
  return (
    headerBytes +
    40 +
    lengthDelimited(lengthDelimited(name.length)) +
    1 +
    revisionLength(revision) +
    2 * (1 + varintLength(position)) +
    lengthDelimited(entryLength(typeKey.length, event.type.length)) +
    lengthDelimited(entryLength(createdKey.length, createdDigits)) +
    lengthDelimited(entryLength(contentTypeKey.length, content.length)) +
    (event.metadata.length ? lengthDelimited(event.metadata.length) : 0) +
    (event.data.length ? lengthDelimited(event.data.length) : 0)
  );
};

/** Writes the record at the start of `out`, which must have exactly `recordLength` bytes. */
export const writeRecord = (out: Buffer, event: NewEvent, place: Placement): void => {
  const flags =
    (event.type.equals(linkType) ? RecordFlag.link : 0) |
    (event.json ? RecordFlag.json : 0) |
    (place.hidden ? RecordFlag.hidden : 0);
  let at = headerBytes;
  const bytes = (field: number, value: Buffer): void => {
    out[at++] = field * 8 + 2;
    at = writeVarint(out, at, value.length);
    at += value.copy(out, at);
  };
  const open = (field: number, length: number): void => {
    out[at++] = field * 8 + 2;
    at = writeVarint(out, at, length);
  };
  const entry = (key: Buffer, value: Buffer): void => {
    open(6, entryLength(key.length, value.length));
    bytes(1, key);
    bytes(2, value);
  };

  open(1, 38);
  open(2, 36);
  at += out.write(event.id, at, 36, 'latin1');
  open(2, lengthDelimited(place.name.length));
  bytes(3, place.name);
  const nameOffset = at - place.name.length;
  out[at++] = 0x18;
  at = writeVarint(out, at, place.revision === tombstoneRevision ? tombstoneRevisionWire : place.revision);
  out[at++] = 0x20;
  at = writeVarint(out, at, place.position);
  out[at++] = 0x28;
  at = writeVarint(out, at, place.position);
  entry(typeKey, event.type);
  const typeOffset = at - event.type.length;
  entry(createdKey, Buffer.from(`${place.createdMs}0000`.padStart(createdDigits, '0'), 'latin1'));
  entry(contentTypeKey, event.json ? jsonType : binaryType);
  if (event.metadata.length) bytes(7, event.metadata);
  if (event.data.length) bytes(8, event.data);

  out.writeUInt32LE(flags, 4);
  out.writeUInt32LE(nameOffset, 8);
  out.writeUInt32LE(place.name.length, 12);
  out.writeUInt32LE(typeOffset, 16);
  out.writeUInt32LE(event.type.length, 20);
  out.writeUInt32LE(event.data.length, 24);
  out.writeUInt32LE(0, 28);
  out.writeDoubleLE(place.createdMs, 32);
  out.writeDoubleLE(place.revision, 40);
  out.writeDoubleLE(place.position, 48);
  sealRecord(out);
};

/** A record that carries no event and no stream: its only use is that its position exists. */
export const voidRecord = (position: number, createdMs: number): Buffer => {
  const out = Buffer.alloc(headerBytes);
  out.writeUInt32LE(RecordFlag.hidden | RecordFlag.void, 4);
  out.writeDoubleLE(createdMs, 32);
  out.writeDoubleLE(-1, 40);
  out.writeDoubleLE(position, 48);
  sealRecord(out);
  return out;
};

/** The same place in the log without type, data and metadata: id and stream come first, so it is the record's beginning. */
export const stubOf = (record: Buffer): Buffer => {
  const out = Buffer.from(record.subarray(0, record.readUInt32LE(8) + record.readUInt32LE(12)));
  out.writeUInt32LE(RecordFlag.hidden | RecordFlag.removed, 4);
  out.writeUInt32LE(out.length, 16);
  out.writeUInt32LE(0, 20);
  out.writeUInt32LE(0, 24);
  sealRecord(out);
  return out;
};

/** A stub for an event whose record is lost. */
export const stubFor = (
  { id, stream, revision }: { id: string; stream: string; revision: number },
  position: number,
  createdMs: number,
): Buffer => {
  const event = { id, type: noBytes, json: false, data: noBytes, metadata: noBytes };
  const place = { name: Buffer.from(stream, 'utf8'), revision, position, createdMs, hidden: true };
  const record = Buffer.alloc(recordLength(event, place));
  writeRecord(record, event, place);
  return stubOf(record);
};

/** The same record with another time. */
export const createdAt = (record: Buffer, createdMs: number): Buffer => {
  const out = Buffer.from(record);
  out.writeDoubleLE(createdMs, 32);
  sealRecord(out);
  return out;
};

const sealRecord = (record: Buffer): void => {
  record.writeUInt32LE(crc32(record.subarray(4)), 0);
};

/** Whether the record's checksum holds and its offsets lie inside it. */
export const isIntact = (record: Buffer): boolean =>
  record.length >= headerBytes &&
  record.readUInt32LE(0) === crc32(record.subarray(4)) &&
  record.readUInt32LE(8) + record.readUInt32LE(12) <= record.length &&
  record.readUInt32LE(16) + record.readUInt32LE(20) <= record.length &&
  record.readUInt32LE(24) <= record.length - headerBytes;

export const flagsOf = (record: Buffer): number => record.readUInt32LE(4);
export const isHidden = (record: Buffer): boolean => (record[4]! & RecordFlag.hidden) !== 0;
export const isVoid = (record: Buffer): boolean => (record[4]! & RecordFlag.void) !== 0;
export const isRemoved = (record: Buffer): boolean => (record[4]! & RecordFlag.removed) !== 0;
export const isLink = (record: Buffer): boolean => (record[4]! & RecordFlag.link) !== 0;
export const createdOf = (record: Buffer): number => record.readDoubleLE(32);
export const revisionOf = (record: Buffer): number => record.readDoubleLE(40);
export const positionOf = (record: Buffer): number => record.readDoubleLE(48);
/** The protobuf bytes of the `RecordedEvent`. */
export const eventOf = (record: Buffer): Buffer => record.subarray(headerBytes);
export const nameOf = (record: Buffer): Buffer => part(record, 8);
export const typeOf = (record: Buffer): Buffer => part(record, 16);
export const dataOf = (record: Buffer): Buffer => record.subarray(record.length - record.readUInt32LE(24));
/** The id as text, which stands at a fixed place. */
export const idOf = (record: Buffer): string => record.toString('latin1', headerBytes + 4, headerBytes + 40);

const part = (record: Buffer, at: number): Buffer => {
  const offset = record.readUInt32LE(at);
  return record.subarray(offset, offset + record.readUInt32LE(at + 4));
};
