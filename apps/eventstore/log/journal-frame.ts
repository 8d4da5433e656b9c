import { crc32 } from 'node:zlib';
import type { LogEnd } from './log-end';
import { DamagedFile, type Entry, type OnDamage } from './page-file';

/**
 * How one group of appends stands in a file of the journal: everything that it puts into the database, behind a header
 * with a checksum. A frame is whole or it is none.
 *
 *   0 checksum u32 · 4 magic u32 · 8 salt, 16 bytes · 24 content length u32 · 28 records u32 · 32 index entries u32
 *   36 streams u32 · 40 first position f64 · 48 the end behind it: position, stream id, time, records, f64 each
 *   80 content: key length u16 · value length u32 · key · value, for each of them
 *
 * Frames begin at full pages, so none is ever written into a page that an acknowledged one stands in. The first page of
 * a file holds its salt, drawn when the file was made; only who knows it can make a frame, so no event can pass for one.
 */
export interface Frame {
  /** Position of its first record. */
  from: number;
  /** The end of the log behind it. */
  end: LogEnd;
  records: Entry[];
  index: Entry[];
  streams: Entry[];
}

export const pageBytes = 4_096;
export const saltBytes = 16;

const frameMagic = 0x6d_61_72_66;
const fileMagic = 0x6c_6e_72_6a;
const headerBytes = 80;
const entryHeaderBytes = 6;

const noRoom: Buffer = Buffer.alloc(0);

const inPages = (bytes: number): number => Math.ceil(bytes / pageBytes) * pageBytes;
const entriesOf = ({ records, index, streams }: Frame): Entry[] => [...records, ...index, ...streams];

/** Bytes of the records, which is most of what is written. */
export const recordBytes = ({ records }: Frame): number => records.reduce((sum, { value }) => sum + value.length, 0);

/** The first page of a file. */
export const filePage = (salt: Buffer): Buffer => {
  const page = Buffer.alloc(pageBytes);
  page.writeUInt32LE(fileMagic, 4);
  salt.copy(page, 8);
  page.writeUInt32LE(crc32(page.subarray(4)), 0);
  return page;
};

/** The frame in full pages, the rest of the last one empty. @param room where it is written if there is enough of it */
export const encodeFrame = (frame: Frame, salt: Buffer, room = noRoom): Buffer => {
  const entries = entriesOf(frame);
  const length = entries.reduce((sum, { key, value }) => sum + entryHeaderBytes + key.length + value.length, 0);
  const bytes = inPages(headerBytes + length);
  const out = bytes <= room.length ? room.subarray(0, bytes) : Buffer.allocUnsafeSlow(bytes);
  let at = headerBytes;
  for (const { key, value } of entries) {
    at = out.writeUInt16LE(key.length, at);
    at = out.writeUInt32LE(value.length, at);
    at += key.copy(out, at);
    at += value.copy(out, at);
  }
  const { end } = frame;
  out.fill(0, at);
  out.writeUInt32LE(frameMagic, 4);
  salt.copy(out, 8);
  out.writeUInt32LE(length, 24);
  out.writeUInt32LE(frame.records.length, 28);
  out.writeUInt32LE(frame.index.length, 32);
  out.writeUInt32LE(frame.streams.length, 36);
  out.writeDoubleLE(frame.from, 40);
  out.writeDoubleLE(end.nextPosition, 48);
  out.writeDoubleLE(end.nextStreamId, 56);
  out.writeDoubleLE(end.lastCreatedMs, 64);
  out.writeDoubleLE(end.records, 72);
  out.writeUInt32LE(crc32(out.subarray(4, at)), 0);
  return out;
};

/**
 * Every whole frame of a file, in the order of their places, those of earlier rounds too. What is torn is passed over;
 * whether something is missing shows when the frames are put one behind the other.
 * @throws DamagedFile when the file has contents but its first page is not that of a journal, and nobody is to be told
 */
export const framesIn = (file: Buffer, onDamage?: OnDamage): Frame[] => {
  const salt = saltOf(file);
  // Nothing is written into a file before its first page is on disk.
  if (!salt && !file.subarray(pageBytes).some((byte) => byte !== 0)) return [];
  if (!salt) {
    const fault = 'the first page of a journal file is not that of a journal';
    if (!onDamage) throw new DamagedFile(fault);
    onDamage(fault);
  }
  const frames: Frame[] = [];
  for (let at = pageBytes; at + headerBytes <= file.length;) {
    const content = contentAt(file, at, salt);
    if (content) frames.push(decode(content));
    at += content ? inPages(content.length) : pageBytes;
  }
  return frames;
};

/**
 * The frames that go on where the database ends, in their order. What the database has already is left out.
 * @throws DamagedFile when one is missing: a frame is only written when the one before it is on disk
 */
export const following = (frames: readonly Frame[], position: number): Frame[] => {
  const open = frames.filter(({ end }) => end.nextPosition > position).sort((a, b) => a.from - b.from);
  let next = position;
  for (const { from, end } of open) {
    if (from !== next) throw new DamagedFile(`the journal goes on at position ${from} where the log ends at ${next}`);
    next = end.nextPosition;
  }
  return open;
};

const checksum = (bytes: Buffer): number => crc32(bytes.subarray(4));

const saltOf = (file: Buffer): Buffer | undefined => {
  const page = file.subarray(0, pageBytes);
  const isJournal =
    page.length === pageBytes && page.readUInt32LE(4) === fileMagic && page.readUInt32LE(0) === checksum(page);
  return isJournal ? page.subarray(8, 8 + saltBytes) : undefined;
};

/** Header and content of the frame that begins here, if one does. Without a salt any will do. */
const contentAt = (file: Buffer, at: number, salt: Buffer | undefined): Buffer | undefined => {
  if (file.readUInt32LE(at + 4) !== frameMagic) return undefined;
  if (salt && !file.subarray(at + 8, at + 8 + saltBytes).equals(salt)) return undefined;
  const length = headerBytes + file.readUInt32LE(at + 24);
  if (at + length > file.length) return undefined;
  const bytes = file.subarray(at, at + length);
  return bytes.readUInt32LE(0) === checksum(bytes) ? bytes : undefined;
};

const decode = (bytes: Buffer): Frame => {
  let at = headerBytes;
  const entries = (count: number): Entry[] =>
    Array.from({ length: count }, () => {
      const start = at + entryHeaderBytes;
      const middle = start + bytes.readUInt16LE(at);
      at = middle + bytes.readUInt32LE(at + 2);
      return { key: bytes.subarray(start, middle), value: bytes.subarray(middle, at) };
    });
  return {
    from: bytes.readDoubleLE(40),
    end: {
      nextPosition: bytes.readDoubleLE(48),
      nextStreamId: bytes.readDoubleLE(56),
      lastCreatedMs: bytes.readDoubleLE(64),
      records: bytes.readDoubleLE(72),
    },
    records: entries(bytes.readUInt32LE(28)),
    index: entries(bytes.readUInt32LE(32)),
    streams: entries(bytes.readUInt32LE(36)),
  };
};
