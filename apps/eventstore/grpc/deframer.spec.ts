import fc from 'fast-check';
import { framed } from './call';
import { Deframer } from './deframer';

describe('the deframer', () => {
  it('gives the same messages however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 30 })),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.map(framed));
          let held = 0;
          const deframer = new Deframer(40, (bytes) => (held += bytes));
          const received: Buffer[] = [];
          for (let at = 0, i = 0; at < bytes.length; i += 1) {
            const size = cuts.length ? cuts[i % cuts.length]! : bytes.length;
            deframer.push(bytes.subarray(at, at + size), (message) => received.push(message));
            at += size;
          }
          expect(received.map((message) => message.toString('hex'))).toEqual(
            messages.map((message) => Buffer.from(message).toString('hex')),
          );
          expect([deframer.isEmpty, held]).toEqual([true, 0]);
        },
      ),
    );
  });

  it('holds no more than twice what has come, in however many pieces', () => {
    let held = 0;
    const deframer = new Deframer(2_000_000, (bytes) => (held += bytes));
    const bytes = framed(Buffer.alloc(1_000_000)).subarray(0, 900_000);
    for (let at = 0; at < bytes.length; at += 1) deframer.push(bytes.subarray(at, at + 1), () => undefined);
    expect(held).toBeGreaterThanOrEqual(bytes.length);
    expect(held).toBeLessThanOrEqual(2 * bytes.length);
  });

  it('refuses a message that is announced too long before it has come', () => {
    const deframer = new Deframer(40, () => undefined);
    expect(() => deframer.push(framed(Buffer.alloc(41)).subarray(0, 5), () => undefined)).toThrow(/maximum/);
  });
});
