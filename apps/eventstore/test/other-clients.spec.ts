import type { ClientHttp2Session } from 'node:http2';
import { AppendResp, BatchAppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { framed } from '../grpc/call';
import { Writer } from '../protobuf/writer';
import { structuredUuid } from '../protocol/uuid';
import { happened, outcome, startTestServer, type TestServer } from './running-server';
import { callRaw, exchange, openSession } from './wire';

const streams = '/event_store.client.streams.Streams/';
const named = (name: string): Writer => new Writer().bytes(3, Buffer.from(name));
const nothing = (): Writer => new Writer();

/** What clients for other languages ask in their own way. */
describe('a client of another kind', () => {
  let test: TestServer;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    test = await startTestServer();
    session = openSession(test.server.endpoint);
  });
  afterAll(async () => {
    session.destroy();
    await test.stop();
  });

  describe('that asks for it is told where a stream begins and ends', () => {
    const read = async (stream: string, from: number, count: number, backwards = false): Promise<string[]> => {
      const options = new Writer()
        .message(1, new Writer().message(1, named(stream)).uint(2, from))
        .uint(3, backwards ? 1 : 0)
        .uint(5, count)
        .message(8, nothing())
        .message(9, new Writer().message(2, nothing()))
        .message(10, new Writer().uint(1, 1));
      const answers = await exchange(session, `${streams}Read`, [new Writer().message(1, options)]);
      return answers.map(shown);
    };
    const shown = (message: Buffer): string => {
      const answer = ReadResp.deserializeBinary(message);
      if (answer.hasEvent()) return answer.getEvent()!.getEvent()!.getStreamRevision();
      if (answer.hasFirstStreamPosition()) return `first ${answer.getFirstStreamPosition()}`;
      return answer.hasLastStreamPosition() ? `last ${answer.getLastStreamPosition()}` : 'other';
    };
    beforeAll(async () => {
      const events = Array.from({ length: 64 }, (_, n) => happened(n));
      for (const name of ['whole', 'cut', 'emptied']) await test.client.appendToStream(name, events);
      await test.client.setStreamMetadata('cut', { truncateBefore: 32 });
      await test.client.setStreamMetadata('emptied', { truncateBefore: 100 });
    });

    it.each([
      ['whole', 0, 2, false, ['0', '1', 'last 63']],
      ['whole', 63, 9, false, ['63', 'last 63']],
      ['whole', 64, 9, false, ['last 63']],
      ['whole', 70, 9, false, ['first 64', 'last 63']],
      ['whole', 1, 9, true, ['1', '0', 'last 63']],
      ['cut', 0, 33, false, ['first 32', ...Array.from({ length: 32 }, (_, n) => `${n + 32}`), 'last 63']],
      ['cut', 1, 2, false, ['first 32', '32', '33', 'last 63']],
      ['cut', 31, 2, false, ['32', '33', 'last 63']],
      ['cut', 31, 2, true, ['last 63']],
      ['emptied', 0, 9, false, ['first 100', 'first 64', 'last 63']],
      ['nobody', 0, 9, false, ['other']],
    ])('%s from %d, %d events, backwards %s', async (stream, from, count, backwards, expected) => {
      expect(await read(stream, from, count, backwards)).toEqual(expected);
    });
  });

  const id = '0c8f4c9c-1f0e-4bb3-8f6c-0d4a8a6f0001';
  const proposed = (n: number): Writer =>
    new Writer()
      .message(1, structuredUuid(id.replace('0001', `000${n}`)))
      .message(2, new Writer().string(1, 'type').string(2, 'Happened'))
      .message(2, new Writer().string(1, 'content-type').string(2, 'application/json'))
      .bytes(4, Buffer.from(`{"n":${n}}`));
  const statusOf = async (method: string, options: Writer): Promise<number | undefined> => {
    const chunks = [framed(new Writer().message(1, options).finish())];
    return (await callRaw(session, `${streams}${method}`, { chunks, halfClose: true, msMax: 2_000 })).status;
  };

  it('may repeat its options in every chunk of an append', async () => {
    const chunk = (n: number, last: boolean): Writer =>
      new Writer()
        .message(1, new Writer().string(2, id))
        .message(2, new Writer().message(1, named('chunked')).message(3, nothing()))
        .message(3, proposed(n))
        .bool(4, last);
    const answers = await exchange(session, `${streams}BatchAppend`, [
      chunk(1, false),
      chunk(2, false),
      chunk(3, true),
    ]);
    const [answer, ...others] = answers.map((message) => BatchAppendResp.deserializeBinary(message));
    expect(answer!.getSuccess()!.getCurrentRevision()).toBe('2');
    expect(others).toEqual([]);
    expect(await outcome(test.client.readStream('chunked'))).toHaveLength(3);
  });

  it('may send one append and close its side, whatever the answer', async () => {
    const append = (expected: number): Promise<Buffer[]> =>
      exchange(session, `${streams}BatchAppend`, [
        new Writer()
          .message(1, new Writer().string(2, id))
          .message(2, new Writer().message(1, named('alone')).message(expected, nothing()))
          .message(3, proposed(1))
          .uint(4, 1),
      ]);
    const codeOf = ([answer]: Buffer[]): number | undefined =>
      BatchAppendResp.deserializeBinary(answer!).getError()?.getCode();
    expect(codeOf(await append(5))).toBe(6);
    expect(codeOf(await append(3))).toBeUndefined();
    await test.client.tombstoneStream('alone');
    expect(codeOf(await append(4))).toBe(5);
  });

  it('that gives an append no time is told so, though everything has come', async () => {
    const correlated = (): Writer => new Writer().message(1, new Writer().string(2, id));
    const options = new Writer()
      .message(1, named('hurried'))
      .message(4, nothing())
      .message(7, new Writer().uint(2, 400_000));
    const [answer, ...others] = await exchange(session, `${streams}BatchAppend`, [
      correlated().message(2, options),
      correlated().message(3, proposed(1)).uint(4, 1),
      correlated()
        .message(2, new Writer().message(1, named('unhurried')).message(4, nothing()))
        .uint(4, 1),
    ]);
    expect(BatchAppendResp.deserializeBinary(answer!).getError()!.getCode()).toBe(4);
    expect(others).toHaveLength(1);
    expect(await outcome(test.client.readStream('hurried'))).toBe('stream-not-found');
  });

  it('may mean the end, or no stream, by the largest number there is', async () => {
    const largest = (1n << 64n) - 1n;
    const append = (revision: bigint): Promise<Buffer[]> =>
      exchange(session, `${streams}Append`, [
        new Writer().message(1, new Writer().message(1, named('largest')).uint(2, revision)),
        new Writer().message(2, proposed(Number(revision % 7n))),
      ]);
    const [first] = await append(largest);
    expect(AppendResp.deserializeBinary(first!).hasSuccess()).toBe(true);
    await append(0n);
    const read = (backwards: boolean): Writer =>
      new Writer()
        .message(1, new Writer().message(1, named('largest')).uint(2, largest))
        .uint(3, backwards ? 1 : 0)
        .uint(5, 1)
        .message(8, nothing())
        .message(9, nothing());
    const [last] = await exchange(session, `${streams}Read`, [new Writer().message(1, read(true))]);
    expect(ReadResp.deserializeBinary(last!).getEvent()!.getEvent()!.getStreamRevision()).toBe('1');
    expect(await statusOf('Read', read(false))).toBe(2);
    const subscription = test.client.subscribeToStream('largest', { fromRevision: largest });
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    await append(1n);
    for await (const { event } of subscription) {
      expect(event!.revision).toBe(2n);
      break;
    }
  });

  it('that leaves out what is required is told that its arguments are invalid', async () => {
    expect(await statusOf('Delete', new Writer().message(1, named('largest')))).toBe(3);
    const filter = new Writer().message(1, new Writer().string(1, 'a'));
    const read = new Writer().message(2, new Writer().message(2, nothing())).uint(5, 1).message(7, filter);
    expect(await statusOf('Read', read.message(9, nothing()))).toBe(3);
  });

  it('that leaves system events out by a lookahead has its group of $all', async () => {
    const options = new Writer()
      .string(2, 'without-system')
      .message(3, new Writer().uint(5, 3).uint(8, 10).uint(9, 10).uint(10, 50).uint(11, 10).uint(12, 20))
      .message(
        5,
        new Writer()
          .message(2, nothing())
          .message(
            4,
            new Writer().message(2, new Writer().string(1, '^(?!(\\$.+$|PersistentConfig\\d+$))')).uint(3, 32),
          ),
      );
    const service = '/event_store.client.persistent_subscriptions.PersistentSubscriptions/';
    expect(await exchange(session, `${service}Create`, [new Writer().message(1, options)])).toHaveLength(1);
    const subscription = test.client.subscribeToPersistentSubscriptionToAll('without-system');
    for await (const resolved of subscription) {
      expect(resolved.event!.type).toBe('Happened');
      break;
    }
    await subscription.unsubscribe();
  });

  it('is told the first revision of an id that it appends again', async () => {
    const event = happened(1);
    const again = (stream: string) => test.client.appendToStream(stream, [event, event, event]);
    expect((await again('same-ids')).nextExpectedRevision).toBe(2n);
    expect((await again('same-ids')).nextExpectedRevision).toBe(0n);
    expect((await again('same-ids-elsewhere')).nextExpectedRevision).toBe(2n);
    expect((await again('same-ids-elsewhere')).nextExpectedRevision).toBe(5n);
    expect((await again('same-ids')).nextExpectedRevision).toBe(0n);
  });
});
