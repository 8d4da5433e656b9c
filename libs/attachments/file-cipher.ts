import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { canonical } from '../eventing/canonical';

/**
 * Sealing and opening of a file, piece by piece, with AES-256-GCM.
 *
 * Guarantee: memory is bounded by one segment, nothing is given out that was not authenticated, and a file that was cut off, put
 * together from others or moved to another case does not open. It rests on a key of the file's own: segments are numbered from
 * zero under it, and the last one says that it is the last. It does not hide lengths.
 */
const segmentBytes = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 12;
const keyBytes = 32;
const cipherName = 'aes-256-gcm';

export interface FilePlace {
  readonly installation: string;
  /** Number of the case. */
  readonly number: string;
  /** Id of the file's own key. */
  readonly valueKey: string;
}

/** Without either part the file cannot be read. */
export const fileKey = (personKey: Buffer, valueKey: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.concat([personKey, valueKey]), '', 'casefold/attachment/v1', keyBytes));

const boundTo = ({ installation, number, valueKey }: FilePlace): Buffer =>
  Buffer.from(canonical([installation, number, valueKey]));

const nonceOf = (index: number, isLast: boolean): Buffer => {
  const nonce = Buffer.alloc(nonceBytes);
  nonce.writeUInt8(isLast ? 1 : 0, 0);
  nonce.writeUInt32BE(index, nonceBytes - 4);
  return nonce;
};

interface Segment {
  readonly bytes: Buffer;
  readonly index: number;
  readonly isLast: boolean;
}

/** Segments of the same size; the last one may be shorter, and an empty file has one that is empty. */
async function* segmentsOf(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Segment> {
  let [waiting, index] = [Buffer.alloc(0), 0];
  for await (const piece of pieces) {
    waiting = Buffer.concat([waiting, piece]);
    // One segment is held back until it is known whether another follows.
    while (waiting.length > size) {
      yield { bytes: waiting.subarray(0, size), index: index++, isLast: false };
      waiting = waiting.subarray(size);
    }
  }
  yield { bytes: waiting, index, isLast: true };
}

/** Length of what `sealFile` makes of so many bytes. */
export const sealedBytes = (bytes: number): number => bytes + tagBytes * Math.max(1, Math.ceil(bytes / segmentBytes));

export async function* sealFile(
  pieces: AsyncIterable<Uint8Array>,
  key: Buffer,
  place: FilePlace,
): AsyncGenerator<Buffer> {
  for await (const { bytes, index, isLast } of segmentsOf(pieces, segmentBytes)) {
    const cipher = createCipheriv(cipherName, key, nonceOf(index, isLast)).setAAD(boundTo(place));
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }
}

/** @throws Error when the key is another, or these are not the bytes that were sealed for this place */
export async function* openFile(
  pieces: AsyncIterable<Uint8Array>,
  key: Buffer,
  place: FilePlace,
): AsyncGenerator<Buffer> {
  for await (const { bytes, index, isLast } of segmentsOf(pieces, segmentBytes + tagBytes)) {
    if (bytes.length < tagBytes) throw new Error('the file is cut off');
    const end = bytes.length - tagBytes;
    const decipher = createDecipheriv(cipherName, key, nonceOf(index, isLast)).setAAD(boundTo(place));
    decipher.setAuthTag(bytes.subarray(end));
    yield Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]);
  }
}
