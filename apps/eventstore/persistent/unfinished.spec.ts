import fc from 'fast-check';
import { Unfinished } from './unfinished';

describe('unfinished numbers', () => {
  it('tell their lowest, in whatever order they are finished', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(500)), { maxLength: 500 }), (steps) => {
        const unfinished = new Unfinished<string>();
        const model = new Set<number>();
        let next = 0;
        for (const [adds, pick] of steps) {
          if (adds || model.size === 0) {
            unfinished.add(next, `number ${next}`);
            model.add(next++);
          } else {
            const finished = [...model][pick % model.size]!;
            unfinished.finish(finished);
            model.delete(finished);
          }
          const lowest = model.size > 0 ? Math.min(...model) : undefined;
          expect(unfinished.lowest).toEqual(
            lowest === undefined ? undefined : { sequence: lowest, known: `number ${lowest}` },
          );
          expect(unfinished.size).toBe(model.size);
        }
      }),
    ));

  it('do not grow behind one that stays', () => {
    const unfinished = new Unfinished<true>();
    unfinished.add(0, true);
    for (let i = 1; i < 100_000; i += 1) {
      unfinished.add(i, true);
      unfinished.finish(i);
    }
    expect(unfinished.held).toBeLessThan(100);
    expect(unfinished.lowest?.sequence).toBe(0);
  });
});
