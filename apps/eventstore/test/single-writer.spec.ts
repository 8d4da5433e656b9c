import {
  EventStoreDBClient,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type EventData,
} from '@eventstore/db-client';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy';
import { happened, outcome, startTestServer, type TestServer } from './running-server';

/** The client takes the old Append call for what has credentials of its own, and BatchAppend for everything else. */
const paths = {
  BatchAppend: {},
  Append: { credentials: { username: 'somebody', password: 'secret' } },
} as const;
type Path = keyof typeof paths;
const looksMax = 2_000;
const bothPaths = Object.keys(paths) as Path[];

describe('one writer at a time', () => {
  let test: TestServer;
  let proxy: CuttingProxy;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    test = await startTestServer();
    proxy = await startCuttingProxy(test.server.endpoint);
    client = EventStoreDBClient.connectionString(proxy.endpoint);
  });
  afterAll(async () => {
    await client.dispose();
    await proxy.close();
    await test.stop();
  });

  it.each(bothPaths)(
    'of ten thousand appends by %s at one expected revision one wins, and every other hears of it',
    async (path) => {
      const stream = `contended-${path}`;
      await test.client.appendToStream(stream, happened());
      const attempt = async (n: number): Promise<string> => {
        const event = happened(n);
        try {
          await test.client.appendToStream(stream, event, { expectedRevision: 0n, deadline: 100_000, ...paths[path] });
          return event.id;
        } catch (error) {
          if (!(error instanceof WrongExpectedVersionError)) throw error;
          return `lost to ${error.actualVersion}`;
        }
      };
      const results = await Promise.all(Array.from({ length: 10_000 }, (_, n) => attempt(n)));
      const winners = results.filter((result) => result !== 'lost to 1');
      const stored = await outcome(test.client.readStream(stream, { fromRevision: 1n }));
      expect(winners).toHaveLength(1);
      expect(stored).toMatchObject([{ event: { id: winners[0], revision: 1n } }]);
    },
    120_000,
  );

  const headOf = async (stream: string): Promise<number> => {
    const events = await outcome(test.client.readStream(stream));
    return typeof events === 'string' ? -1 : events.length - 1;
  };

  /** Sends an append whose answer is lost, although it was stored. */
  const loseAnswer = async (append: () => Promise<unknown>, stream: string, headAfter: number): Promise<void> => {
    // A new connection begins with questions of the client's own, whose answers are not the ones to lose.
    await client.appendToStream('warm', happened());
    proxy.withholdAnswers();
    const lost = append().then(
      () => 'answered',
      () => 'no answer',
    );
    for (let looks = 0; (await headOf(stream)) < headAfter; looks += 1) expect(looks).toBeLessThan(looksMax);
    proxy.cut();
    expect(await lost).toBe('no answer');
  };

  const appendOnce = async (
    stream: string,
    events: EventData[],
    expectedRevision: AppendExpectedRevision,
    path: Path,
  ): Promise<bigint> => {
    const append = (): ReturnType<EventStoreDBClient['appendToStream']> =>
      client.appendToStream(stream, events, { expectedRevision, ...paths[path] });
    await loseAnswer(append, stream, (await headOf(stream)) + events.length);
    return (await append()).nextExpectedRevision;
  };

  it.each(bothPaths)('an append by %s that was cut off after it was stored is not stored again', async (path) => {
    const stream = `cut-off-${path}`;
    const ids: string[] = [];
    const expected: AppendExpectedRevision[] = ['no_stream', 1n, 'any', 'stream_exists', 7n, 'any'];
    for (const expectedRevision of expected) {
      const events = [happened(1), happened(2)];
      ids.push(...events.map(({ id }) => id));
      expect(await appendOnce(stream, events, expectedRevision, path)).toBe(BigInt(ids.length - 1));
    }
    const stored = await outcome(test.client.readStream(stream));
    expect(stored).toMatchObject(ids.map((id, revision) => ({ event: { id, revision: BigInt(revision) } })));
  });

  it.each(bothPaths)(
    'would be seen if it were: one by %s that is sent again under new ids is stored twice',
    async (path) => {
      const stream = `doubled-${path}`;
      const append = (): Promise<unknown> =>
        client.appendToStream(stream, [happened(1), happened(2)], { expectedRevision: 'any', ...paths[path] });
      await loseAnswer(append, stream, 1);
      await append();
      expect(await headOf(stream)).toBe(3);
    },
  );
});
