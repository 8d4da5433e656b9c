import { DispatchToSingle, RoundRobin } from './round-robin';
import { entry, TestTaker } from './testing/takers';

describe('RoundRobin', () => {
  it('gives each consumer its turn', () => {
    const takers = [new TestTaker(9), new TestTaker(9), new TestTaker(9)];
    const strategy = new RoundRobin();
    takers.forEach((taker) => strategy.add(taker));
    for (let i = 0; i < 6; i += 1) expect(strategy.offer(entry(i))).toBe('sent');
    expect(takers.map(({ places }) => places)).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
  });

  it('passes over who is full, and says so when all are', () => {
    const [small, large] = [new TestTaker(1), new TestTaker(3)];
    const strategy = new RoundRobin();
    strategy.add(small);
    strategy.add(large);
    expect([0, 1, 2, 3, 4].map((i) => strategy.offer(entry(i)))).toEqual(['sent', 'sent', 'sent', 'sent', 'full']);
    expect([small.places, large.places]).toEqual([[0], [1, 2, 3]]);
  });

  it('gives nothing more to who has left', () => {
    const [gone, stays] = [new TestTaker(9), new TestTaker(9)];
    const strategy = new RoundRobin();
    strategy.add(gone);
    strategy.add(stays);
    strategy.remove(gone);
    strategy.offer(entry(0));
    strategy.offer(entry(1));
    expect([gone.places, stays.places]).toEqual([[], [0, 1]]);
  });

  it('is full without consumers', () => expect(new RoundRobin().offer(entry(0))).toBe('full'));
});

describe('DispatchToSingle', () => {
  it('stays with one consumer until it is full', () => {
    const takers = [new TestTaker(2), new TestTaker(2)];
    const strategy = new DispatchToSingle();
    takers.forEach((taker) => strategy.add(taker));
    expect([0, 1, 2, 3, 4].map((i) => strategy.offer(entry(i)))).toEqual(['sent', 'sent', 'sent', 'sent', 'full']);
    expect(takers.map(({ places }) => places)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
});
