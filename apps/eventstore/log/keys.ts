import { createHash } from 'node:crypto';

/** Keys sort bytewise in LMDB, so numbers are written big-endian. Six bytes hold every exact integer. */
export const positionKey = (position: number, key = Buffer.allocUnsafe(8)): Buffer => {
  key.writeUInt16BE(0, 0);
  key.writeUIntBE(Math.min(position, positionMax), 2, 6);
  return key;
};
export const positionMax = 2 ** 48 - 1;
export const positionFromKey = (key: Uint8Array): number => Buffer.from(key.buffer, key.byteOffset, 8).readUIntBE(2, 6);

export const indexKey = (streamId: number, revision: number, key = Buffer.allocUnsafe(12)): Buffer => {
  key.writeUIntBE(streamId, 0, 6);
  key.writeUIntBE(Math.min(revision, positionMax), 6, 6);
  return key;
};
export const revisionFromKey = (key: Uint8Array): number =>
  Buffer.from(key.buffer, key.byteOffset, 12).readUIntBE(6, 6);

/** What the index holds for a revision: where its record is, and the event id that repeated appends are known by. */
export const indexEntry = (position: number, id: string): Buffer => {
  const entry = Buffer.allocUnsafe(24);
  positionKey(position, entry);
  entry.write(id.replaceAll('-', ''), 8, 16, 'hex');
  return entry;
};
export const entryPosition = (entry: Buffer): number => entry.readUIntBE(2, 6);
export const entryId = (entry: Buffer): string => uuidText(entry.subarray(8, 24));

export const uuidText = (bytes: Buffer): string => {
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const nameBytesMax = 1_000;

/**
 * The key of a stream is its name. A name too long for a key becomes its beginning and its SHA-256 behind a byte that
 * occurs in no UTF-8 text, so that it can never equal another name.
 */
export const nameKey = (name: Buffer): Buffer => {
  if (name.length <= nameBytesMax) return name;
  const digest = createHash('sha256').update(name).digest();
  return Buffer.concat([name.subarray(0, nameBytesMax), Buffer.of(0xff), digest]);
};
