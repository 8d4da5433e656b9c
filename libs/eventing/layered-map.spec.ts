import fc from 'fast-check';
import { LayeredMap } from './layered-map';

const keysMax = 400;
const change = fc.tuple(fc.integer({ min: 0, max: keysMax }), fc.option(fc.nat(), { nil: undefined }));
const keys = Array.from({ length: keysMax + 1 }, (_, key) => key);

it('answers as a plain map does, and leaves earlier ones as they were', () =>
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 200 }), { maxLength: 8 }), (batches) => {
      const plain = new Map<number, number>();
      let layered = LayeredMap.empty<number, number>();
      const kept = batches.map((batch) => {
        for (const [key, value] of batch)
          if (value === undefined) plain.delete(key);
          else plain.set(key, value);
        layered = layered.with(batch);
        return { layered, expected: keys.map((key) => plain.get(key)) };
      });
      for (const { layered: one, expected } of kept) expect(keys.map((key) => one.get(key))).toEqual(expected);
    }),
    { numRuns: 30 },
  ));
