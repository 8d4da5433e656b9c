import {
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  streamNameFilter,
  type PersistentSubscriptionToStreamSettings,
} from '@eventstore/db-client';
import { happened, outcome, startTestServer, type TestServer } from '../test/running-server';
import {
  ackAll,
  consume,
  createGroup,
  createGroupToAll,
  errorType,
  eventually,
  failure,
  Followed,
} from './testing/followed';

let test: TestServer;
let streams = 0;
let stream: string;

beforeAll(async () => (test = await startTestServer()));
afterAll(() => test.stop());
beforeEach(() => (stream = `orders-${++streams}`));

const seed = (count: number): Promise<unknown> =>
  test.client.appendToStream(
    stream,
    Array.from({ length: count }, (_, n) => happened(n)),
  );
const info = (group = 'group') => test.client.getPersistentSubscriptionToStreamInfo(stream, group);
const settingsOf = (changes: Partial<PersistentSubscriptionToStreamSettings>): PersistentSubscriptionToStreamSettings =>
  persistentSubscriptionToStreamSettingsFromDefaults(changes);

const unusual: Partial<PersistentSubscriptionToStreamSettings> = {
  startFrom: 7n,
  resolveLinkTos: true,
  extraStatistics: true,
  messageTimeout: 1_234,
  maxRetryCount: 3,
  checkPointAfter: 567,
  checkPointLowerBound: 4,
  checkPointUpperBound: 44,
  maxSubscriberCount: 5,
  liveBufferSize: 66,
  readBatchSize: 7,
  historyBufferSize: 88,
  consumerStrategyName: 'DispatchToSingle',
};

describe('the settings of a group', () => {
  it.each([
    ['defaults', {}],
    ['every one of them', unusual],
    ['zeros', { messageTimeout: 0, maxRetryCount: 0, readBatchSize: 0, liveBufferSize: 0, checkPointLowerBound: 0 }],
    ['crossed bounds', { checkPointLowerBound: 500, checkPointUpperBound: 5 }],
    ['pinned, from the start', { startFrom: 'start', consumerStrategyName: 'Pinned' }],
  ] as const)('are told as they were given, also after a restart: %s', async (_, changes) => {
    const settings = settingsOf(changes);
    await test.client.createPersistentSubscriptionToStream(stream, 'group', settings);
    expect((await info()).settings).toEqual(settings);
    await test.restart();
    expect((await info()).settings).toEqual(settings);
  });

  it('are refused when a batch does not fit into the buffer, and by a strategy nobody knows', async () => {
    expect(await failure(createGroup(test.client, stream, { readBatchSize: 50, historyBufferSize: 50 }))).toBe(
      'persistent-subscription-failed',
    );
    expect(await failure(info())).toBe('persistent-subscription-does-not-exist');
    await createGroup(test.client, stream);
    const update = settingsOf({ readBatchSize: 51, historyBufferSize: 50 });
    expect(await failure(test.client.updatePersistentSubscriptionToStream(stream, 'group', update))).toBe(
      'persistent-subscription-failed',
    );
    expect((await info()).settings.readBatchSize).toBe(20);
  });

  it('of $all are refused from a place that the log has not got to', async () => {
    const beyond = { commit: 1n << 40n, prepare: 1n << 40n };
    expect(await failure(createGroupToAll(test.client, stream, { startFrom: beyond }))).toBe(
      'persistent-subscription-failed',
    );
  });

  it('of a group of $all keep the filter when they are changed', async () => {
    const filter = streamNameFilter({ prefixes: [`${stream},with comma`, `${stream}-b`] });
    await createGroupToAll(test.client, stream, {}, { filter });
    const settings = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: 'start', maxRetryCount: 2 });
    await test.client.updatePersistentSubscriptionToAll(stream, settings);
    await test.restart();
    await test.client.appendToStream(`${stream}-a`, happened());
    await test.client.appendToStream(`${stream},with comma`, happened(1, 'Comma'));
    await test.client.appendToStream(`${stream}-b`, happened(2, 'Last'));
    const all = new Followed(test.client.subscribeToPersistentSubscriptionToAll(stream), ackAll);
    await all.count(2);
    expect(all.texts).toEqual(['Comma@0#0', 'Last@0#0']);
    await all.stop();
  });
});

describe('a group', () => {
  it('exists once', async () => {
    await createGroup(test.client, stream);
    expect(await failure(createGroup(test.client, stream))).toBe('persistent-subscription-exists');
    await createGroup(test.client, stream, {}, '');
    expect((await test.client.listPersistentSubscriptionsToStream(stream)).map(({ groupName }) => groupName)).toEqual([
      'group',
      '',
    ]);
  });

  it('drops its consumers when it is updated, deleted or started again', async () => {
    const changes: (() => Promise<unknown>)[] = [
      () => test.client.updatePersistentSubscriptionToStream(stream, 'group', settingsOf({ startFrom: 'start' })),
      () => test.client.restartPersistentSubscriptionSubsystem(),
      () => test.client.deletePersistentSubscriptionToStream(stream, 'group'),
    ];
    await createGroup(test.client, stream);
    for (const change of changes) {
      const consumer = consume(test.client, stream);
      await consumer.until(() => consumer.isConfirmed);
      await change();
      await consumer.until(() => consumer.error !== undefined);
      expect(consumer.error).toMatchObject({
        type: 'persistent-subscription-dropped',
        code: 1,
        streamName: stream,
        groupName: 'group',
      });
    }
    expect(await failure(info())).toBe('persistent-subscription-does-not-exist');
    expect(await test.client.listPersistentSubscriptionsToStream(stream)).toEqual([]);
  });

  it('begins from scratch when it is deleted and made again', async () => {
    await seed(12);
    await createGroup(test.client, stream, { checkPointUpperBound: 1 });
    const first = consume(test.client, stream, ackAll);
    await first.count(12);
    await eventually(info, ({ stats }) => stats.lastCheckpointedEventRevision === 11n);
    await first.stop();
    await test.client.deletePersistentSubscriptionToStream(stream, 'group');
    expect(await outcome(test.client.readStream(`$persistentsubscription-${stream}::group-checkpoint`))).toBe(
      'stream-not-found',
    );
    await createGroup(test.client, stream);
    const second = consume(test.client, stream, ackAll);
    await second.count(12);
    expect(second.revisions[0]).toBe(0);
    await second.stop();
  });

  it('lets in no more consumers than it is told to', async () => {
    await createGroup(test.client, stream, { maxSubscriberCount: 2 });
    const consumers = [0, 1, 2].map(() => consume(test.client, stream));
    await Promise.all(consumers.slice(0, 2).map((consumer) => consumer.until(() => consumer.isConfirmed)));
    await consumers[2]!.until(() => consumers[2]!.error !== undefined);
    expect(consumers[2]!.error).toMatchObject({ type: 'maximum-subscribers-reached', code: 9, groupName: 'group' });
    await Promise.all(consumers.slice(0, 2).map((consumer) => consumer.stop()));
  });

  it('that is not there is not found, whatever is wanted of it', async () => {
    const { client } = test;
    const consumer = consume(client, stream);
    await consumer.until(() => consumer.error !== undefined);
    const calls = [
      client.updatePersistentSubscriptionToStream(stream, 'group', settingsOf({})),
      client.deletePersistentSubscriptionToStream(stream, 'group'),
      client.replayParkedMessagesToStream(stream, 'group'),
      client.listPersistentSubscriptionsToStream(stream),
      info(),
    ];
    const types = [errorType(consumer.error), ...(await Promise.all(calls.map(failure)))];
    expect(new Set(types)).toEqual(new Set(['persistent-subscription-does-not-exist']));
  });

  it('of $all is not made by the name of a stream', async () => {
    expect(await failure(createGroup(test.client, '$all'))).toBe('unknown');
    expect(await failure(createGroup(test.client, ''))).toBe('persistent-subscription-failed');
  });

  it('tells what it is doing, and how long its consumers take', async () => {
    await createGroup(test.client, stream, { extraStatistics: true, checkPointUpperBound: 1 });
    expect(await info()).toMatchObject({ status: 'Live', stats: { totalItems: 0n } });
    expect((await info()).stats.lastKnownEventRevision).toBeUndefined();
    await seed(5);
    const consumer = consume(test.client, stream, ackAll, { bufferSize: 7 });
    await consumer.count(5);
    const told = await eventually(info, ({ stats }) => stats.lastCheckpointedEventRevision === 4n);
    expect(told.stats).toMatchObject({ lastKnownEventRevision: 4n, totalItems: 5n, outstandingMessagesCount: 0 });
    const [connection] = told.connections;
    expect(connection).toMatchObject({ username: 'system', availableSlots: 7, inFlightMessages: 0, totalItems: 5n });
    expect(connection?.extraStatistics?.get('quintile 3')).toBeDefined();
    await consumer.stop();
  });
});

describe('over a restart', () => {
  it('what was acknowledged before the checkpoint does not come again, and all the rest does', async () => {
    await seed(40);
    await createGroup(test.client, stream, { checkPointUpperBound: 10 });
    const before = consume(
      test.client,
      stream,
      (event, followed) => event.event!.revision < 25n && ackAll(event, followed),
      { bufferSize: 40 },
    );
    await before.until(() => before.events.length === 40);
    await eventually(info, ({ stats }) => stats.outstandingMessagesCount === 15);
    const { lastCheckpointedEventRevision } = (await info()).stats;
    await test.restart();
    const after = consume(test.client, stream, ackAll);
    await after.until(() => after.revisions.includes(39));
    const first = Number(lastCheckpointedEventRevision) + 1;
    expect(after.revisions).toEqual(Array.from({ length: 40 - first }, (_, i) => first + i));
    expect(25 - first).toBeLessThan(10);
    await after.stop();
  });

  it('a group that began at the end still delivers what came before the restart', async () => {
    await seed(3);
    await createGroup(test.client, stream, { startFrom: 'end' });
    await seed(2);
    await test.restart();
    const consumer = consume(test.client, stream, ackAll);
    await consumer.count(2);
    expect(consumer.revisions).toEqual([3, 4]);
    await consumer.stop();
  });

  it('the configuration keeps its last two states', async () => {
    for (let i = 0; i < 4; i += 1) await createGroup(test.client, stream, {}, `g${i}`);
    const states = await outcome(test.client.readStream('$persistentSubscriptionConfig'));
    expect(states).toHaveLength(2);
    const metadata = await test.client.getStreamMetadata('$persistentSubscriptionConfig');
    expect(metadata.metadata).toEqual({ maxCount: 2 });
  });
});
