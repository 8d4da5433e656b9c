import fc from 'fast-check';
import { offerAll, RetryQueue } from './retry-queue';
import { entry, placeOf, replayed } from './testing/takers';

const drained = (queue: RetryQueue): number[] => {
  const places: number[] = [];
  queue.offerAll((next) => {
    places.push(placeOf(next));
    return 'sent';
  });
  return places;
};

describe('the retry queue', () => {
  it('keeps events in the order of their source', () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1_000)), (places) => {
        const queue = new RetryQueue();
        places.forEach((place) => queue.add(entry(place)));
        expect(drained(queue)).toEqual([...places].sort((a, b) => a - b));
        expect(queue.size).toBe(0);
      }),
    ));

  it('puts replayed ones behind what is there, and lets earlier ones go before', () => {
    const queue = new RetryQueue();
    queue.add(entry(5));
    queue.add(replayed(0));
    queue.add(replayed(1));
    queue.add(entry(9));
    queue.add(entry(3));
    expect(queue.replayedSize).toBe(2);
    expect(drained(queue)).toEqual([3, 5, -1, -2, 9]);
    expect(queue.replayedSize).toBe(0);
  });

  it('keeps what is busy in its place, and everything behind who is full', () => {
    const entries = [0, 1, 2, 3, 4, 5].map((place) => entry(place));
    const offers = { 1: 'busy', 3: 'busy', 4: 'full' } as Record<number, 'busy' | 'full'>;
    expect(offerAll(entries, (next) => offers[placeOf(next)] ?? 'sent')).toBe('full');
    expect(entries.map(placeOf)).toEqual([1, 3, 4, 5]);
  });
});
