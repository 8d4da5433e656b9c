import fc from 'fast-check';
import { Pinning } from './pinning';
import { entry, TestTaker } from './testing/takers';

const bucketsOf = (taker: TestTaker): Set<number> => new Set(taker.entries.map(({ bucket }) => bucket));

describe('Pinning', () => {
  it('sends a bucket to one consumer, and the buckets to all of them', () => {
    const takers = [new TestTaker(99), new TestTaker(99), new TestTaker(99)];
    const pinning = new Pinning();
    takers.forEach((taker) => pinning.add(taker));
    for (let i = 0; i < 30; i += 1) pinning.offer(entry(i, i % 6));
    expect(takers.map((taker) => bucketsOf(taker).size)).toEqual([2, 2, 2]);
    expect(new Set(takers.flatMap((taker) => [...bucketsOf(taker)])).size).toBe(6);
  });

  it('lets an entry wait whose consumer is full, and others pass', () => {
    const [first, second] = [new TestTaker(1), new TestTaker(9)];
    const pinning = new Pinning();
    pinning.add(first);
    pinning.add(second);
    const offers = [
      pinning.offer(entry(0, 0)),
      pinning.offer(entry(1, 1)),
      pinning.offer(entry(2, 0)),
      pinning.offer(entry(3, 1)),
    ];
    expect(offers).toEqual(['sent', 'sent', 'busy', 'sent']);
    expect([first.places, second.places]).toEqual([[0], [1, 3]]);
  });

  it('is full when nobody has room', () => {
    const taker = new TestTaker(1);
    const pinning = new Pinning();
    pinning.add(taker);
    expect([pinning.offer(entry(0, 0)), pinning.offer(entry(1, 1))]).toEqual(['sent', 'full']);
  });

  it('hands the buckets of who leaves to who stays', () => {
    const [gone, stays] = [new TestTaker(9), new TestTaker(9)];
    const pinning = new Pinning();
    pinning.add(gone);
    pinning.offer(entry(0, 7));
    pinning.add(stays);
    pinning.remove(gone);
    expect(pinning.offer(entry(1, 7))).toBe('sent');
    expect(stays.places).toEqual([1]);
  });

  it('gives who arrives a fair share, idle buckets first', () => {
    const [old, young] = [new TestTaker(99), new TestTaker(99)];
    const pinning = new Pinning();
    pinning.add(old);
    for (let bucket = 0; bucket < 4; bucket += 1) pinning.offer(entry(bucket, bucket));
    // Buckets 0 and 1 are answered for.
    old.entries = old.entries.filter(({ bucket }) => bucket > 1);
    pinning.add(young);
    for (let bucket = 0; bucket < 4; bucket += 1) pinning.offer(entry(10 + bucket, bucket));
    expect([...bucketsOf(young)]).toEqual([0, 1]);
  });

  it('keeps every bucket with one consumer while nobody comes or goes', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(20), { maxLength: 200 }), (count, buckets) => {
        const takers = Array.from({ length: count }, () => new TestTaker(1_000));
        const pinning = new Pinning();
        takers.forEach((taker) => pinning.add(taker));
        buckets.forEach((bucket, i) => pinning.offer(entry(i, bucket)));
        const owners = buckets.map((bucket) => takers.filter((taker) => bucketsOf(taker).has(bucket)).length);
        expect(owners.every((owner) => owner === 1)).toBe(true);
      }),
    ));
});
