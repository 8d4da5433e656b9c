import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Reads an LMDB file page by page without LMDB. LMDB trusts its pages: it follows whatever they say, and a damaged one
 * ends the process that maps it. Here every page is checked before it is believed, so damage becomes a sentence.
 *
 * Guarantee: no read outside the file, no endless walk; whatever does not hold together is a `DamagedFile`. What LMDB
 * itself does not protect, the bytes of keys and values, the caller must check.
 *
 * It rests on the layout of the LMDB that the package `lmdb` 3 carries, data version 2, on 64-bit little-endian machines:
 *   page   number u64 · transaction u64 · pad u16 · flags u16 · lower u16 · upper u16 · pointers u16…, from byte 24 on
 *   meta   magic u32 · version u32 · address u64 · map size u64 · two trees · last page u64 · transaction u64
 *   tree   pad u32 · flags u16 · depth u16 · three page counts u64 · entries u64 · root page u64
 *   node   low u16 · high u16 · flags u16 · key length u16 · key · value, or page and number of pages of a long one
 */
export class DamagedFile extends Error {
  override name = 'DamagedFile';
}

export interface Tree {
  root: number;
  entries: number;
}

export interface Entry {
  key: Buffer;
  value: Buffer;
}

/** Told of a part of a tree that cannot be read; the walk goes on behind it. Without one the walk ends in the error. */
export type OnDamage = (fault: string) => void;

const headerBytes = 24;
const treeBytes = 48;
const nodeHeaderBytes = 8;
const magic = 0xbeefc0de;
const dataVersion = 2;
const flag = { branch: 1, leaf: 2, overflow: 4, meta: 8 } as const;
const bigValue = 1;
const noPage = (1n << 64n) - 1n;
const depthMax = 32;
const valueBytesMax = 1 << 30;
const pageSizes = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];

const noTree: Tree = { root: -1, entries: 0 };
const usualPageBytes = 4096;

interface Meta {
  pageBytes: number;
  lastPage: number;
  transaction: bigint;
  free: Tree;
  main: Tree;
}

const noMeta: Meta = { pageBytes: usualPageBytes, lastPage: 0, transaction: 0n, free: noTree, main: noTree };

export class PageFile {
  private constructor(
    private readonly file: number,
    private readonly path: string,
    readonly bytes: number,
    private readonly meta: Meta,
  ) {}

  static open(path: string): PageFile {
    const file = openSync(path, 'r');
    try {
      const meta = newestMeta(file, path, fstatSync(file).size);
      // Looked at again, since a running server makes the file longer before it says so.
      return new PageFile(file, path, fstatSync(file).size, meta);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** A file whose first pages may be spoilt: without them no tree is found, but stray entries are. */
  static openDamaged(path: string, onDamage: OnDamage): PageFile {
    try {
      return PageFile.open(path);
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      onDamage(error.message);
      const file = openSync(path, 'r');
      return new PageFile(file, path, fstatSync(file).size, noMeta);
    }
  }

  close(): void {
    closeSync(this.file);
  }

  get pages(): number {
    return Math.floor(this.bytes / this.meta.pageBytes);
  }

  /** Whether it has every page ever counted. One that has not may be whole all the same: the last ones may be free. */
  get isFullLength(): boolean {
    return this.bytes >= (this.meta.lastPage + 1) * this.meta.pageBytes;
  }

  /** Reads every page that LMDB would follow. @throws DamagedFile at the first that does not hold together */
  walk(): void {
    for (const tree of [this.meta.free, this.meta.main]) for (const _ of this.entries(tree));
    for (const { key } of this.entries(this.meta.main)) {
      for (const _ of this.entries(this.table(key.toString('latin1', 0, key.length - 1))));
    }
  }

  table(name: string, onDamage?: OnDamage): Tree {
    for (const { key, value } of this.entries(this.meta.main, onDamage)) {
      if (key.toString('latin1') === `${name}\0` && value.length === treeBytes) return readTree(value, 0);
    }
    if (onDamage === undefined) throw new DamagedFile(`the table '${name}' is missing`);
    onDamage(`the table '${name}' is missing`);
    return noTree;
  }

  /** The entries of a tree in the order of their keys, or from the last one backwards. */
  *entries(tree: Tree, onDamage?: OnDamage, reverse = false): Generator<Entry> {
    if (tree.root < 0) return;
    for (const page of this.leaves(tree.root, 0, onDamage, reverse)) yield* this.nodes(page, onDamage, reverse);
  }

  /** The value of a key, found as LMDB finds it. */
  find(tree: Tree, key: Buffer): Buffer | undefined {
    let number = tree.root;
    for (let depth = 0; number >= 0; depth += 1) {
      const page = this.checked(number, depth, undefined)!;
      const branch = (page.readUInt16LE(18) & flag.branch) !== 0;
      const at = pointers(page, true).find((node, i, all) => {
        // The first key of a branch stands for everything smaller and is empty.
        return (branch && i === all.length - 1) || keyOf(page, node).compare(key) <= 0;
      });
      if (at === undefined) return undefined;
      if (!branch) return keyOf(page, at).equals(key) ? this.valueOf(page, at, undefined) : undefined;
      number = childOf(page, at);
    }
    return undefined;
  }

  /** The entries of whatever leaf is still in the file, whether or not a tree leads to it. */
  *strayEntries(): Generator<Entry> {
    for (let number = 2; number < this.pages; number += 1) {
      const page = this.read(number);
      if (page.readUInt16LE(18) !== flag.leaf || faultOf(page, number) !== undefined) continue;
      yield* this.nodes(page, () => undefined, false);
    }
  }

  private *leaves(number: number, depth: number, onDamage: OnDamage | undefined, reverse: boolean): Generator<Buffer> {
    const page = this.checked(number, depth, onDamage);
    if (!page) return;
    if (page.readUInt16LE(18) & flag.leaf) {
      yield page;
      return;
    }
    for (const at of pointers(page, reverse)) yield* this.leaves(childOf(page, at), depth + 1, onDamage, reverse);
  }

  private checked(number: number, depth: number, onDamage: OnDamage | undefined): Buffer | undefined {
    const fault =
      depth > depthMax
        ? `page ${number} is reached in a circle`
        : number < 2 || number >= this.pages
          ? `page ${number} lies outside the file of ${this.bytes} bytes`
          : undefined;
    const page = fault === undefined ? this.read(number) : undefined;
    const found = fault ?? (page && faultOf(page, number));
    if (found === undefined) return page;
    return this.damage(found, onDamage);
  }

  private *nodes(page: Buffer, onDamage: OnDamage | undefined, reverse: boolean): Generator<Entry> {
    for (const at of pointers(page, reverse)) {
      const value = this.valueOf(page, at, onDamage);
      if (value) yield { key: keyOf(page, at), value };
    }
  }

  private valueOf(page: Buffer, at: number, onDamage: OnDamage | undefined): Buffer | undefined {
    const start = at + nodeHeaderBytes + page.readUInt16LE(at + 6);
    const bytes = page.readUInt16LE(at) + page.readUInt16LE(at + 2) * 65_536;
    return (page.readUInt16LE(at + 4) & bigValue) !== 0
      ? this.longValue(Number(page.readBigUInt64LE(start)), bytes, onDamage)
      : page.subarray(start, start + bytes);
  }

  private longValue(number: number, bytes: number, onDamage: OnDamage | undefined): Buffer | undefined {
    const start = number * this.meta.pageBytes + headerBytes;
    if (number < 2 || number >= this.pages || bytes > valueBytesMax || start + bytes > this.bytes) {
      return this.damage(`a value of ${bytes} bytes at page ${number} lies outside the file`, onDamage);
    }
    const header = this.readBytes(start - headerBytes, headerBytes);
    if (Number(header.readBigUInt64LE(0)) !== number || (header.readUInt16LE(18) & flag.overflow) === 0) {
      return this.damage(`page ${number} does not hold the value it should`, onDamage);
    }
    return this.readBytes(start, bytes);
  }

  private damage(fault: string, onDamage: OnDamage | undefined): undefined {
    if (!onDamage) throw new DamagedFile(fault);
    onDamage(fault);
  }

  private read(number: number): Buffer {
    return this.readBytes(number * this.meta.pageBytes, this.meta.pageBytes);
  }

  private readBytes(position: number, length: number): Buffer {
    return readFully(this.file, this.path, position, length);
  }
}

const readFully = (file: number, path: string, position: number, length: number): Buffer => {
  const buffer = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, buffer, done, length - done, position + done);
    if (count === 0) throw new DamagedFile(`${path} ends at byte ${position + done}`);
    done += count;
  }
  return buffer;
};

// LMDB writes its two meta pages in turn and opens the file by the newer one.
const newestMeta = (file: number, path: string, bytes: number): Meta => {
  if (bytes < 2 * 512) throw new DamagedFile(`it has ${bytes} bytes, fewer than any event store`);
  const first = readMeta(readFully(file, path, 0, 512), 'first');
  if (bytes < 2 * first.pageBytes) throw new DamagedFile(`it has ${bytes} bytes, fewer than any event store`);
  const second = readMeta(readFully(file, path, first.pageBytes, 512), 'second');
  return second.transaction > first.transaction ? second : first;
};

const readMeta = (page: Buffer, which: string): Meta => {
  const valid =
    (page.readUInt16LE(18) & flag.meta) !== 0 &&
    page.readUInt32LE(headerBytes) === magic &&
    page.readUInt32LE(headerBytes + 4) === dataVersion &&
    pageSizes.includes(page.readUInt32LE(headerBytes + 24));
  if (!valid) throw new DamagedFile(`its ${which} page is not that of an event store`);
  const trees = headerBytes + 24;
  return {
    pageBytes: page.readUInt32LE(trees),
    free: readTree(page, trees),
    main: readTree(page, trees + treeBytes),
    lastPage: Number(page.readBigUInt64LE(trees + 2 * treeBytes)),
    transaction: page.readBigUInt64LE(trees + 2 * treeBytes + 8),
  };
};

const readTree = (bytes: Buffer, at: number): Tree => {
  const root = bytes.readBigUInt64LE(at + 40);
  return { root: root === noPage ? -1 : Number(root), entries: Number(bytes.readBigUInt64LE(at + 32)) };
};

const faultOf = (page: Buffer, number: number): string | undefined => {
  const kind = page.readUInt16LE(18);
  const lower = page.readUInt16LE(20);
  const upper = page.readUInt16LE(22);
  const room = page.length - headerBytes;
  if (Number(page.readBigUInt64LE(0)) !== number) return `page ${number} is overwritten by something else`;
  if (kind !== flag.branch && kind !== flag.leaf) return `page ${number} is not of a kind that belongs here`;
  if (lower % 2 !== 0 || lower > upper || upper > room) return `page ${number} is filled beyond its bounds`;
  for (let at = headerBytes; at < headerBytes + lower; at += 2) {
    if (!nodeFits(page, page.readUInt16LE(at) + headerBytes, kind)) return `page ${number} points outside itself`;
  }
  return undefined;
};

const nodeFits = (page: Buffer, at: number, kind: number): boolean => {
  if (at + nodeHeaderBytes > page.length) return false;
  const keyEnd = at + nodeHeaderBytes + page.readUInt16LE(at + 6);
  if (kind === flag.branch) return keyEnd <= page.length;
  const bytes = page.readUInt16LE(at) + page.readUInt16LE(at + 2) * 65_536;
  return keyEnd + ((page.readUInt16LE(at + 4) & bigValue) !== 0 ? headerBytes : bytes) <= page.length;
};

const pointers = (page: Buffer, reverse: boolean): number[] => {
  const count = page.readUInt16LE(20) >> 1;
  const at = (i: number): number => page.readUInt16LE(headerBytes + 2 * i) + headerBytes;
  return Array.from({ length: count }, (_, i) => at(reverse ? count - 1 - i : i));
};

const childOf = (page: Buffer, at: number): number =>
  page.readUInt16LE(at) + page.readUInt16LE(at + 2) * 65_536 + page.readUInt16LE(at + 4) * 2 ** 32;

const keyOf = (page: Buffer, at: number): Buffer =>
  page.subarray(at + nodeHeaderBytes, at + nodeHeaderBytes + page.readUInt16LE(at + 6));
