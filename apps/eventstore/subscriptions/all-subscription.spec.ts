import { streamNameFilter, type AllStreamSubscription } from '@eventstore/db-client';
import { happened, startTestServer, type TestServer } from '../test/running-server';

let test: TestServer;

beforeAll(async () => (test = await startTestServer()));
afterAll(() => test.stop());

const writers = 32;
const appendsPerWriter = 40;

/** Positions of what a subscription delivers, up to a number of events. */
const positions = async (subscription: AllStreamSubscription, count: number): Promise<bigint[]> => {
  const seen: bigint[] = [];
  for await (const { event } of subscription) {
    seen.push(event!.position!.commit);
    if (seen.length === count) break;
  }
  return seen;
};

describe('a subscription to $all while many write', () => {
  it('delivers each event once and in order over the switch from history to what is new', async () => {
    const { client } = test;
    const write = async (writer: number): Promise<void> => {
      for (let i = 0; i < appendsPerWriter; i += 1)
        await client.appendToStream(`p${writer % 4}-${writer}`, happened(i));
    };
    const writing = Array.from({ length: writers }, (_, writer) => write(writer));
    const filter = streamNameFilter({ prefixes: ['p0', 'p1', 'p2', 'p3'] });
    // Begun at different moments, so that many switches fall among the commits.
    const reading: Promise<bigint[]>[] = [];
    for (let i = 0; i < 12; i += 1) {
      reading.push(positions(client.subscribeToAll({ filter }), writers * appendsPerWriter));
      await client.appendToStream('pace', happened(i));
    }
    await Promise.all(writing);
    for (const seen of await Promise.all(reading)) {
      expect(seen.every((position, i) => i === 0 || position > seen[i - 1]!)).toBe(true);
    }
  }, 60_000);
});
