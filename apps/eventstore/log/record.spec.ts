import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import fc from 'fast-check';
import {
  dataOf,
  eventOf,
  idOf,
  isIntact,
  nameOf,
  recordLength,
  revisionOf,
  tombstoneRevision,
  typeOf,
  writeRecord,
} from './record';

const { RecordedEvent } = ReadResp.ReadEvent;
const text = (value: string): Buffer => Buffer.from(value, 'utf8');
const record = (data: Uint8Array, name: string, type: string, revision: number, position: number): Buffer => {
  const event = {
    id: '00112233-4455-6677-8899-aabbccddeeff',
    type: text(type),
    json: true,
    data: Buffer.from(data),
    metadata: text('m'),
  };
  const place = { name: text(name), revision, position, createdMs: 1_700_000_000_000, hidden: false };
  const out = Buffer.alloc(recordLength(event, place));
  writeRecord(out, event, place);
  return out;
};
const anyRecord = fc.tuple(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
  fc.string({ minLength: 1, maxLength: 200 }),
  fc.oneof(fc.nat(), fc.constant(tombstoneRevision)),
  fc.integer({ min: 1, max: 2 ** 47 }),
);

describe('a record', () => {
  it('is what the official client decodes, and gives back what went in', () => {
    fc.assert(
      fc.property(anyRecord, ([data, name, type, revision, position]) => {
        const bytes = record(data, name, type, revision, position);
        const event = RecordedEvent.deserializeBinary(eventOf(bytes));
        expect(Buffer.from(event.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(name);
        expect(event.getMetadataMap().get('type')).toBe(type);
        expect(BigInt(event.getStreamRevision())).toBe(
          revision === tombstoneRevision ? 2n ** 63n - 1n : BigInt(revision),
        );
        expect(Number(event.getCommitPosition())).toBe(position);
        expect(event.getMetadataMap().get('created')).toBe('17000000000000000');
        expect(Buffer.from(event.getData_asU8())).toEqual(Buffer.from(data));
        expect([nameOf(bytes).toString(), typeOf(bytes).toString(), revisionOf(bytes)]).toEqual([name, type, revision]);
        expect(dataOf(bytes)).toEqual(Buffer.from(data));
        expect(idOf(bytes)).toBe(event.getId()!.getString());
        expect(isIntact(bytes)).toBe(true);
      }),
    );
  });

  it('tells of every flipped bit', () => {
    const bytes = record(Buffer.from('data'), 'name', 'type', 3, 99);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(isIntact(damaged)).toBe(false);
    }
  });
});
