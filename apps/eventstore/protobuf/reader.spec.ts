import fc from 'fast-check';
import { MalformedMessage, Reader } from './reader';
import { Writer } from './writer';

describe('the protobuf reader', () => {
  it('reads what the writer wrote, over the whole range of 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(), fc.string(), (big, small, text) => {
        const reader = new Reader(new Writer().uint(1, big).uint(2, small).string(300, text).finish());
        expect([reader.next(), reader.field, reader.uint64()]).toEqual([true, 1, big]);
        expect([reader.next(), reader.field, reader.uint64()]).toEqual([true, 2, BigInt(small)]);
        expect([reader.next(), reader.field, reader.string()]).toEqual([true, 300, text]);
        expect(reader.next()).toBe(false);
      }),
    );
  });

  it('ends on any bytes at all, well or in a MalformedMessage', () => {
    const readAll = (reader: Reader): void => {
      while (reader.next()) {
        if (reader.wireType === 2) reader.bytes();
        else reader.skip();
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readAll(new Reader(Buffer.from(bytes)));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
