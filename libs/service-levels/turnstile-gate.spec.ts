import fc from 'fast-check';
import { TurnstileGate } from './turnstile-gate';

/** Work that ends when it is told to, and notes the epoch that it was in. */
const script = (gate: TurnstileGate) => {
  const ended: number[] = [];
  const finish: (() => void)[] = [];
  const enter = (epoch: number): Promise<void> =>
    gate.pass(
      () => epoch,
      (given) => new Promise<void>((resolve) => finish.push(() => (ended.push(given), resolve()))),
    );
  return { ended, finish, enter };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('holds the next epoch back until the one before it is out', async () => {
  const { ended, finish, enter } = script(new TurnstileGate());
  const all = [enter(1), enter(1), enter(2)];
  await settled();
  expect(finish).toHaveLength(2);
  finish[0]!();
  await settled();
  expect(finish).toHaveLength(2);
  finish[1]!();
  await settled();
  finish[2]!();
  await Promise.all(all);
  expect(ended).toEqual([1, 1, 2]);
});

it('is closed for all while it works alone, and lets nobody in under what was before', async () => {
  const gate = new TurnstileGate();
  const { ended, finish, enter } = script(gate);
  const first = enter(1);
  await settled();
  const order: string[] = [];
  const alone = gate.close(5, async () => void order.push(`alone after ${ended.length}`));
  const late = enter(1);
  await settled();
  expect(order).toEqual([]);
  finish[0]!();
  await settled();
  finish[1]!();
  await Promise.all([first, alone, late]);
  expect([order, ended]).toEqual([['alone after 1'], [1, 5]]);
});

it('writes epochs in order whatever comes when, and goes on after work that fails', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(3), fc.nat(4)), { maxLength: 30 }), async (comings) => {
      const gate = new TurnstileGate();
      const written: number[] = [];
      const work = comings.map(([epoch, turns], place) =>
        gate
          .pass(
            () => epoch,
            async (given) => {
              for (let turn = 0; turn < turns; turn++) await settled();
              written.push(given);
              if (place % 5 === 0) throw new Error('it fails');
            },
          )
          .catch(() => undefined),
      );
      await Promise.all(work);
      expect(written).toEqual([...written].sort((a, b) => a - b));
      expect(written).toHaveLength(comings.length);
    }),
    { numRuns: 100 },
  );
});
