import { binaryEvent, jsonEvent } from '@eventstore/db-client';
import { happened, outcome, startTestServer, type TestServer } from '../test/running-server';
import {
  ackAll,
  consume,
  createGroup,
  createGroupToAll,
  eventually,
  failure,
  Followed,
  type Delivered,
} from './testing/followed';

let test: TestServer;
let streams = 0;
let stream: string;

beforeAll(async () => (test = await startTestServer()));
afterAll(() => test.stop());
beforeEach(() => (stream = `orders-${++streams}`));

const seed = (count: number, name = stream): Promise<unknown> =>
  test.client.appendToStream(
    name,
    Array.from({ length: count }, (_, n) => happened(n)),
  );
const info = () => test.client.getPersistentSubscriptionToStreamInfo(stream, 'group');
const parkedStream = (): string => `$persistentsubscription-${stream}::group-parked`;
const untilParked = (count: bigint): Promise<unknown> =>
  eventually(info, ({ stats }) => stats.parkedMessageCount === count);
const park = (event: Delivered, { subscription }: Followed): void => void subscription.nack('park', 'because', event);

describe('a group of a stream', () => {
  it('sends no more than the buffer holds, and what an answer makes room for', async () => {
    await seed(20);
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream, undefined, { bufferSize: 3 });
    await consumer.count(3);
    const { stats } = await info();
    expect([stats.totalInFlightMessages, stats.outstandingMessagesCount]).toEqual([3, 3]);
    expect(consumer.events).toHaveLength(3);
    await consumer.subscription.ack(consumer.events[0]!, consumer.events[1]!);
    await consumer.count(5);
    expect(consumer.revisions).toEqual([0, 1, 2, 3, 4]);
    await consumer.stop();
  });

  it('fills the room that answers make in the order of the answers', async () => {
    await seed(6);
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream, undefined, { bufferSize: 4 });
    await consumer.count(4);
    const [a, b, c, d] = consumer.events;
    const { subscription } = consumer;
    await Promise.all([
      subscription.ack(a!),
      subscription.nack('retry', 'again', b!),
      subscription.nack('retry', 'again', d!),
      subscription.ack(c!),
    ]);
    await consumer.count(8);
    expect(consumer.texts.slice(4)).toEqual(['4#0', '1#1', '3#1', '5#0'].map((text) => `Happened@${text}`));
    await consumer.stop();
  });

  it('hands what a leaving consumer had to another, once more counted, in order and before what is new', async () => {
    await seed(8);
    await createGroup(test.client, stream);
    const first = consume(test.client, stream, undefined, { bufferSize: 4 });
    await first.count(4);
    await first.subscription.ack(first.events[1]!);
    await first.count(5);
    await first.stop();
    await eventually(info, ({ connections }) => connections.length === 0);
    const second = consume(test.client, stream, ackAll);
    await second.count(7);
    expect(second.texts).toEqual(['0#1', '2#1', '3#1', '4#1', '5#0', '6#0', '7#0'].map((text) => `Happened@${text}`));
    await second.stop();
  });

  it('shares among two, and delivers everything once', async () => {
    await createGroup(test.client, stream);
    const consumers = [consume(test.client, stream, ackAll), consume(test.client, stream, ackAll)];
    await Promise.all(consumers.map((consumer) => consumer.until(() => consumer.isConfirmed)));
    await seed(40);
    await Promise.all(consumers.map((consumer) => consumer.count(20)));
    expect(consumers.flatMap(({ revisions }) => revisions).sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  });

  it('follows links when told to, and delivers those that lead nowhere', async () => {
    await seed(3);
    const links = ['1@' + stream, '7@' + stream, `0@${stream}`].map((text) =>
      binaryEvent({ type: '$>', data: Buffer.from(text) }),
    );
    await test.client.appendToStream(`links-${stream}`, links);
    await createGroup(test.client, `links-${stream}`, { resolveLinkTos: true });
    const resolved = consume(test.client, `links-${stream}`, ackAll);
    await resolved.count(3);
    expect(resolved.texts).toEqual(['$>@0->Happened@1#0', '$>@1->none#0', '$>@2->Happened@0#0']);
    await createGroup(test.client, `links-${stream}`, {}, 'plain');
    const plain = consume(test.client, `links-${stream}`, ackAll, { group: 'plain' });
    await plain.count(3);
    expect(plain.texts).toEqual(['$>@0#0', '$>@1#0', '$>@2#0']);
    await Promise.all([resolved.stop(), plain.stop()]);
  });

  it('delivers what hides history only to those who come later, and the tombstone to those who are live', async () => {
    await seed(5);
    await test.client.setStreamMetadata(stream, { maxCount: 2 });
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream, ackAll);
    await consumer.count(2);
    await seed(4);
    await consumer.count(6);
    expect(consumer.revisions).toEqual([3, 4, 5, 6, 7, 8]);
    await test.client.tombstoneStream(stream);
    await consumer.count(7);
    expect(consumer.events.at(-1)?.event?.type).toBe('$streamDeleted');
    await consumer.stop();
    await createGroup(test.client, stream, {}, 'late');
    const late = consume(test.client, stream, ackAll, { group: 'late' });
    await late.until(() => late.error !== undefined);
    expect([late.isConfirmed, late.events]).toEqual([true, []]);
    expect(late.error).toMatchObject({ type: 'persistent-subscription-dropped', code: 1 });
  });

  it('settles each of two events with the same id by an answer of its own', async () => {
    const id = '7c1fd4ac-2b7c-4b2e-9d0a-1f5f0a3f6a01';
    await test.client.appendToStream(stream, happened(0, 'First', id), { expectedRevision: 'no_stream' });
    await test.client.appendToStream(stream, happened(1, 'Second', id), { expectedRevision: 0n });
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream);
    await consumer.count(2);
    await consumer.subscription.ack(consumer.events[0]!);
    expect(
      (await eventually(info, ({ stats }) => stats.outstandingMessagesCount === 1)).connections[0]?.availableSlots,
    ).toBe(9);
    await consumer.subscription.ack(consumer.events[1]!);
    await eventually(info, ({ stats }) => stats.outstandingMessagesCount === 0);
    await consumer.stop();
  });

  it('falls behind and catches up without losing or repeating anything', async () => {
    await createGroup(test.client, stream, { historyBufferSize: 20, readBatchSize: 5, liveBufferSize: 5 });
    const consumer = consume(test.client, stream, undefined, { bufferSize: 1 });
    await consumer.until(() => consumer.isConfirmed);
    for (let i = 0; i < 6; i += 1) await seed(50);
    const { status, stats } = await info();
    expect([status, stats.readBufferCount <= 20, stats.lastKnownEventRevision]).toEqual(['Behind', true, 299n]);
    await consumer.stop();
    const fast = consume(test.client, stream, ackAll, { bufferSize: 30 });
    await fast.count(300);
    expect(new Set(fast.revisions).size).toBe(300);
    expect((await eventually(info, (answer) => answer.status === 'Live')).status).toBe('Live');
    await fast.stop();
  });
});

describe('answers that refuse', () => {
  it('park with the reason of the client, and a link to the event', async () => {
    await seed(2);
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream, park);
    await untilParked(2n);
    const parked = await outcome(test.client.readStream(parkedStream()));
    const links = typeof parked === 'string' ? parked : parked.map(({ event }) => event);
    expect(links).toMatchObject([
      {
        type: '$>',
        data: Buffer.from(`0@${stream}`),
        metadata: { reason: "Client explicitly NAK'ed message.\nbecause" },
      },
      { type: '$>', data: Buffer.from(`1@${stream}`), metadata: { subscriptionEventNumber: 1 } },
    ]);
    await consumer.stop();
  });

  it('retry at once, before what is new, and park after the last time', async () => {
    await seed(2);
    await createGroup(test.client, stream, { maxRetryCount: 2 });
    const consumer = consume(
      test.client,
      stream,
      (event, { subscription }) =>
        void (event.event?.revision === 0n ? subscription.nack('retry', '', event) : subscription.ack(event)),
      { bufferSize: 1 },
    );
    await untilParked(1n);
    await consumer.count(4);
    expect(consumer.texts).toEqual(['0#0', '0#1', '0#2', '1#0'].map((text) => `Happened@${text}`));
    const parked = await outcome(test.client.readStream(parkedStream()));
    expect(parked).toMatchObject([{ event: { metadata: { reason: 'Reached retry count of 2' } } }]);
    await consumer.stop();
  });

  it('skip, and stop does the same', async () => {
    await seed(2);
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream);
    await consumer.count(2);
    await consumer.subscription.nack('skip', '', consumer.events[0]!);
    await consumer.subscription.nack('stop', '', consumer.events[1]!);
    const { stats, connections } = await eventually(info, (answer) => answer.stats.outstandingMessagesCount === 0);
    expect([stats.outstandingMessagesCount, stats.retryBufferCount, stats.parkedMessageCount]).toEqual([0, 0, 0n]);
    expect(connections).toHaveLength(1);
    await consumer.stop();
  });

  it('are taken in place of an answer that does not come in time', async () => {
    await seed(1);
    await createGroup(test.client, stream, { messageTimeout: 100, maxRetryCount: 1 });
    const consumer = consume(test.client, stream);
    await untilParked(1n);
    expect(consumer.texts).toEqual(['Happened@0#0', 'Happened@0#1']);
    await consumer.stop();
  });
});

describe('a replay', () => {
  const parkFirst = (): ((event: Delivered, followed: Followed) => void) => {
    const seen = new Set<string>();
    return (event, followed) => {
      const id = event.event?.id ?? '';
      (seen.has(id) ? ackAll : park)(event, followed);
      seen.add(id);
    };
  };

  it('stops before a number in the parked stream, and the next goes on there', async () => {
    await seed(6);
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream, parkFirst());
    await untilParked(6n);
    await test.client.replayParkedMessagesToStream(stream, 'group', { stopAt: 4 });
    await consumer.count(10);
    expect(consumer.texts.slice(6)).toEqual([0, 1, 2, 3].map((n) => `$>@${n}->Happened@${n}#0`));
    await untilParked(2n);
    await test.client.replayParkedMessagesToStream(stream, 'group', { stopAt: 3 });
    await test.client.replayParkedMessagesToStream(stream, 'group');
    await consumer.count(12);
    expect(consumer.texts.slice(10)).toEqual(['$>@4->Happened@4#0', '$>@5->Happened@5#0']);
    await untilParked(0n);
    await consumer.stop();
  });

  it('parks again what is refused again, as a link to the event itself', async () => {
    await seed(1);
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream, park);
    await untilParked(1n);
    await test.client.replayParkedMessagesToStream(stream, 'group');
    await consumer.count(2);
    const read = () => outcome(test.client.readStream(parkedStream(), { resolveLinkTos: true }));
    const again = await eventually(
      read,
      (events) => events.length === 1 && typeof events !== 'string' && events[0]?.link?.revision === 1n,
    );
    expect(again).toMatchObject([{ event: { type: 'Happened', revision: 0n }, link: { revision: 1n } }]);
    await consumer.stop();
  });

  it('goes on after a restart with what had not been answered', async () => {
    await seed(3);
    await createGroup(test.client, stream);
    const consumer = consume(test.client, stream, park);
    await untilParked(3n);
    await consumer.stop();
    await test.client.replayParkedMessagesToStream(stream, 'group');
    await untilParked(0n);
    await test.restart();
    const after = consume(test.client, stream, ackAll);
    await after.until(() => new Set(after.texts.filter((text) => text.startsWith('$>'))).size === 3);
    await after.stop();
  });

  it('is refused at a negative number, and for a group that is not there', async () => {
    await createGroup(test.client, stream);
    expect(await failure(test.client.replayParkedMessagesToStream(stream, 'group', { stopAt: -1 }))).toBe(
      'persistent-subscription-failed',
    );
    expect(await failure(test.client.replayParkedMessagesToStream(stream, 'none'))).toBe(
      'persistent-subscription-does-not-exist',
    );
  });
});

describe('a group of $all', () => {
  const own = (followed: Followed): string[] =>
    followed.events.flatMap(({ event }) => (event?.streamId.startsWith(stream) ? [event.type] : []));

  it('delivers without a filter what its stream groups write, but never its own bookkeeping', async () => {
    const group = `all-${stream}`;
    await createGroupToAll(test.client, group, { checkPointUpperBound: 1 });
    await seed(3);
    const all = new Followed(test.client.subscribeToPersistentSubscriptionToAll(group, { bufferSize: 200 }), ackAll);
    await all.until(() => own(all).length === 3);
    const read = () => test.client.getPersistentSubscriptionToAllInfo(group);
    await eventually(
      read,
      ({ stats }) => stats.lastCheckpointedEventPosition !== undefined && stats.outstandingMessagesCount === 0,
    );
    const names = all.events.map(({ event }) => event?.streamId ?? '');
    expect(names.filter((name) => name.startsWith('$persistentsubscription-$all'))).toEqual([]);
    expect(names).toContain('$persistentSubscriptionConfig');
    await all.stop();
    await test.client.deletePersistentSubscriptionToAll(group);
  });

  it('that is to start within a record lets its consumers in and drops them', async () => {
    const { position } = await test.client.appendToStream(stream, happened());
    const within = { commit: position!.commit + 1n, prepare: position!.prepare + 1n };
    await seed(1);
    await createGroupToAll(test.client, `within-${stream}`, { startFrom: within });
    const all = new Followed(test.client.subscribeToPersistentSubscriptionToAll(`within-${stream}`));
    await all.until(() => all.error !== undefined);
    expect([all.isConfirmed, all.error]).toMatchObject([true, { type: 'persistent-subscription-dropped' }]);
  });

  it('passes over what its filter does not take, and checkpoints behind it', async () => {
    const group = `filtered-${stream}`;
    const filter = {
      filterOn: 'eventType',
      regex: `^${stream}-x$`,
      checkpointInterval: 1,
      maxSearchWindow: 32,
    } as const;
    await createGroupToAll(test.client, group, { startFrom: 'end', checkPointUpperBound: 20 }, { filter });
    await test.client.appendToStream(
      stream,
      [0, 1, 2].map((n) => jsonEvent({ type: `${stream}-x`, data: { n } })),
    );
    const all = new Followed(test.client.subscribeToPersistentSubscriptionToAll(group), ackAll);
    await all.count(3);
    for (let i = 0; i < 30; i += 1) await seed(1, `${stream}-other`);
    const { position } = await test.client.appendToStream(`${stream}-last`, happened());
    const read = () => test.client.getPersistentSubscriptionToAllInfo(group);
    const { stats } = await eventually(read, (answer) => {
      const at = answer.stats.lastCheckpointedEventPosition;
      return at !== undefined && at.commit > all.events[2]!.event!.position!.commit;
    });
    expect(stats.lastCheckpointedEventPosition!.commit).toBeLessThanOrEqual(position!.commit);
    expect(all.events).toHaveLength(3);
    await all.stop();
    await test.client.deletePersistentSubscriptionToAll(group);
  });
});
