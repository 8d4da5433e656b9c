import { randomBytes } from 'node:crypto';
import { fileKey, openFile, sealFile } from './file-cipher';

const key = fileKey(randomBytes(32), randomBytes(32));
const place = { installation: 'here', number: 'CSR-7K3-M9Q-XA4', valueKey: 'v1' };

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const whole = async (pieces: AsyncIterable<Buffer>): Promise<Buffer> => {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};
const sealed = (bytes: Buffer, size = 10_000) => whole(sealFile(inPieces(bytes, size), key, place));
const opened = (bytes: Buffer, at = place, with_ = key) => whole(openFile(inPieces(bytes, 7_001), with_, at));

const segment = 64 * 1024;

it.each([0, 1, segment - 1, segment, segment + 1, 3 * segment, 3 * segment + 17])(
  'gives back %d bytes, in whatever pieces they came',
  async (length) => {
    const bytes = randomBytes(length);
    expect((await opened(await sealed(bytes))).equals(bytes)).toBe(true);
    expect((await sealed(bytes, 999)).equals(await sealed(bytes, 200_000))).toBe(true);
  },
);

it('opens nothing that was changed, cut off, lengthened or put into another order', async () => {
  const bytes = await sealed(randomBytes(2 * segment + 100));
  const [one, two] = [bytes.subarray(0, segment + 16), bytes.subarray(segment + 16, 2 * (segment + 16))];
  const changed = Buffer.from(bytes);
  changed[5] = (changed[5] ?? 0) ^ 1;
  for (const wrong of [
    changed,
    bytes.subarray(0, bytes.length - 1),
    bytes.subarray(0, segment + 16),
    bytes.subarray(0, 2 * (segment + 16)),
    Buffer.concat([bytes, Buffer.from('x')]),
    Buffer.concat([two, one, bytes.subarray(2 * (segment + 16))]),
    Buffer.alloc(0),
  ])
    await expect(opened(wrong)).rejects.toThrow();
});

it('opens only in its own place and with its own key', async () => {
  const bytes = await sealed(Buffer.from('secret'));
  await expect(opened(bytes, { ...place, number: 'CSR-2C8-0QF-PN6' })).rejects.toThrow();
  await expect(opened(bytes, { ...place, valueKey: 'v2' })).rejects.toThrow();
  await expect(opened(bytes, { ...place, installation: 'there' })).rejects.toThrow();
  await expect(opened(bytes, place, fileKey(randomBytes(32), randomBytes(32)))).rejects.toThrow();
});
