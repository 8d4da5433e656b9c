import fc from 'fast-check';
import { EventMetadata, StoredEvent } from '../event';
import { isReadable, mirrored, storableName } from './mirror';

const metadata = { schema: '1' } as EventMetadata;
const event = (data: unknown, others: Partial<StoredEvent> = {}): StoredEvent => ({
  ...{ stream: 'thing-a', revision: 0, id: '5f0c7b8e-0000-4000-8000-000000000000', type: 'ThingStepped', position: 1n },
  ...{ data, metadata, ...others },
});
const bytesOf = (data: object): string => Buffer.from((data as { $bytes: string }).$bytes, 'base64').toString();

it('keeps an event of ours as it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
      fc.pre(!JSON.stringify(data).includes('\\u0000'));
      const { event: kept, data: text } = mirrored(event(data), 7);
      expect(kept).toEqual({ ...event(data), sequence: 7 });
      expect(text).toBe(JSON.stringify(data));
    }),
  );
});

it('takes a backslash that somebody wrote for what it is', () => {
  for (const text of ['\\u0000', '\\\\u0000', '\\ud800'])
    expect(mirrored(event({ text }), 1).event.data).toEqual({ text });
});

it.each([
  ['bytes', Uint8Array.from([0x66, 0xff]), undefined],
  ['a text that is no JSON', '{"by":', '{"by":'],
  ['nothing', undefined, 'null'],
  ['a list', [1], '[1]'],
  ['a NUL', { text: 'a\0b' }, JSON.stringify({ text: 'a\0b' })],
  ['a NUL behind a backslash', { text: 'a\\\0b' }, JSON.stringify({ text: 'a\\\0b' })],
  ['half a pair', { text: 'a\ud800b' }, JSON.stringify({ text: 'a\ud800b' })],
])('keeps %s in full where PostgreSQL can hold it, and unreadable', (_, data, kept) => {
  const { event: held, data: text } = mirrored(event(data), 1);
  expect(isReadable(held.data)).toBe(false);
  expect(JSON.parse(text)).toEqual(held.data);
  expect(text).toMatch(/^[\x20-\x7e]*$/);
  if (kept !== undefined) expect(bytesOf(held.data as object)).toBe(kept);
});

it('keeps metadata that is none, and names with a NUL', () => {
  const held = mirrored(event({}, { metadata: undefined as never, stream: 'thing-a\0' }), 1).event;
  expect(isReadable(held.metadata)).toBe(false);
  expect(held.stream).toBe('thing-a\uFFFD');
});

it('keeps a name that no index takes in its beginning and a digest, so that it still is one name of its category', () => {
  const long = `request-${'🖨\0'.repeat(2_000)}`;
  const name = storableName(long);
  expect(name).toMatch(/^request-/);
  expect(Buffer.byteLength(name)).toBeLessThan(2_000);
  expect(name.isWellFormed()).toBe(true);
  expect(storableName(`${long}.`)).not.toBe(name);
  expect(storableName(name)).toBe(name);
});
