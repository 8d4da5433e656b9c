import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExpectedFile, FileCheck } from './file-check.adapter';
import { fileKey, sealFile } from './file-cipher';
import { FolderStore } from './folder-store.adapter';

const root = mkdtempSync(join(tmpdir(), 'casefold-files-'));
const store = new FolderStore(root);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const number = 'CSR-7K3-M9Q-XA4';
const key = fileKey(randomBytes(32), randomBytes(32));
const day = 24 * 60 * 60 * 1_000;

async function* inOnePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
const taken = async (bytes: number): Promise<ExpectedFile> => {
  const place = { installation: 'here', number, valueKey: 'v1' };
  return { ...(await store.write(number, sealFile(inOnePiece(randomBytes(bytes)), key, place))), bytes };
};
const sealedOf = async (file: ExpectedFile): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await store.read(file)) ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
};
const put = (file: ExpectedFile, bytes: Buffer): void => writeFileSync(join(root, number, file.sha256), bytes);
const changed = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, -1), Buffer.from([255 - (bytes.at(-1) ?? 0)])]);

it.each([1, 64 * 1024, 64 * 1024 + 1, 200_000])('finds a file of %d bytes right, as it was taken in', async (bytes) => {
  const file = await taken(bytes);
  expect(
    createHash('sha256')
      .update(await sealedOf(file))
      .digest('hex'),
  ).toBe(file.sha256);
  expect(await new FileCheck(store, Infinity).look()(file)).toBeUndefined();
});

it('says what is wrong with a file, and no more once it is put right', async () => {
  const file = await taken(100_000);
  const right = await sealedOf(file);
  const check = new FileCheck(store, Infinity);
  const fault = () => check.look()(file);
  expect(await fault()).toBeUndefined();
  put(file, changed(right));
  expect([await fault(), await fault()]).toEqual(['damaged', 'damaged']);
  put(file, right.subarray(1));
  expect(await fault()).toBe('wrong-length');
  await store.remove(file);
  expect(await fault()).toBe('missing');
  await store.write(number, inOnePiece(right));
  expect(await fault()).toBeUndefined();
});

it('says of what cannot be read that it cannot, and goes on', async () => {
  class FailingDisk extends FolderStore {
    isFailing = true;
    override read(file: ExpectedFile): ReturnType<FolderStore['read']> {
      return this.isFailing ? Promise.reject(new Error('EIO')) : super.read(file);
    }
  }
  const [file, disk] = [await taken(10), new FailingDisk(root)];
  const look = new FileCheck(disk, Infinity).look();
  expect(await look(file)).toBe('unreadable');
  disk.isFailing = false;
  expect(await look(file)).toBeUndefined();
});

it('reads no more in one look than it may, and goes on with the next', async () => {
  const files = await Promise.all([1, 2, 3, 4, 5].map(() => taken(10_000)));
  const check = new FileCheck(store, 15_000);
  const faults = async (): Promise<readonly unknown[]> => {
    const look = check.look();
    const found: unknown[] = [];
    for (const file of files) found.push(await look(file));
    return found;
  };
  const [right, unread] = [undefined, 'unread'];
  expect(await faults()).toEqual([right, right, unread, unread, unread]);
  expect(await faults()).toEqual([right, right, right, right, unread]);
  expect(await faults()).toEqual([right, right, right, right, right]);
});

it('reads a file again after a day, whatever its folder says of it', async () => {
  const file = await taken(1_000);
  const read = jest.spyOn(store, 'read');
  let now = 0;
  const check = new FileCheck(store, Infinity, () => now);
  for (now of [0, day - 1, day, day + 1]) expect(await check.look()(file)).toBeUndefined();
  expect(read).toHaveBeenCalledTimes(2);
});
