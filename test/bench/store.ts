import {
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  streamNameFilter,
  type EventData,
} from '@eventstore/db-client';
import { setTimeout as wait } from 'node:timers/promises';
import { checkout, launcher, startProgram } from './child';
import { Caller, closedLoop } from './load';
import { treeMegabytes } from './process-tree';
import { Started } from './started';
import { Timings, timingsOf } from './statistics';
import { join } from 'node:path';

/** The event store alone, through the official client over TCP: what it is used for, with events of 512 bytes. */
export interface StoreFigures {
  readonly appends: Readonly<Record<StoreCallers, Timings>>;
  readonly batches: Readonly<Record<BatchSize, number>>;
  readonly readAll: number;
  readonly readStream: number;
  readonly readEight: Timings;
  readonly live: Timings;
  readonly filtered: number;
  readonly megabytes: number;
}

export const storeCallers = [1, 32, 256] as const;
export const batchSizes = [100, 1000] as const;
export type StoreCallers = (typeof storeCallers)[number];
export type BatchSize = (typeof batchSizes)[number];

const eventsPerStream = 8;
// With the rest of the data this gives an event of 512 bytes.
const textBytes = 495;
const batchWriters = 4;
const eventsReadMax = 200_000;
const longStreamEvents = 10_000;
const shortReads = 2_000;
const liveEvents = 500;
const appendBytesMax = 1_000_000;
const text = 'x'.repeat(textBytes);

const event = (n: number): EventData => jsonEvent({ type: 'BenchHappened', data: { text, n } });
const eventsOf = (count: number): EventData[] => Array.from({ length: count }, (_, n) => event(n));

/** @param kind the store itself, or one that answers without storing */
export const measureStore = async (
  started: Started,
  kind: 'stored' | 'answered',
  seconds: number,
): Promise<StoreFigures> => {
  const args =
    kind === 'stored'
      ? [launcher, 'eventstore', '--data', join(started.folder(), 'data'), '--port', '0', '--parent-pipe']
      : [join(checkout, 'dist/apps/eventstore/test/answering-server.js')];
  const store = await startProgram(started, args, /eventstore ready on (esdb:\S+)/);
  const client = EventStoreDBClient.connectionString(store.said);
  try {
    const written: Written = { events: 0 };
    const appends = await measureAppends(client, written, seconds);
    const batches = await measureBatches(client, written, seconds);
    const reads = await measureReads(client);
    const live = await measureLive(client);
    // A server that stores nothing has nothing to filter; its limit is that of reading all.
    const filtered = kind === 'stored' ? await measureFiltered(client, written) : reads.readAll;
    return { appends, batches, ...reads, live, filtered, megabytes: treeMegabytes(store.child.pid ?? 0) };
  } finally {
    await client.dispose();
    await store.end();
  }
};

/** How many events there are to be read: as many as this machine took. */
interface Written {
  events: number;
}

const appender = (client: EventStoreDBClient, name: string, written: Written): Caller => {
  let appended = 0;
  return async () => {
    const revision = appended % eventsPerStream;
    const stream = `bench-${name}-${Math.floor(appended / eventsPerStream)}`;
    await client.appendToStream(stream, event(revision), {
      expectedRevision: revision ? BigInt(revision - 1) : NO_STREAM,
    });
    appended++;
    written.events++;
  };
};

const measureAppends = async (
  client: EventStoreDBClient,
  written: Written,
  seconds: number,
): Promise<StoreFigures['appends']> => {
  const measure = (callers: number): Promise<Timings> => {
    const appenders = Array.from({ length: callers }, (_, index) => appender(client, `${callers}x${index}`, written));
    return closedLoop(appenders, { warmUpSeconds: 1, seconds });
  };
  return { 1: await measure(1), 32: await measure(32), 256: await measure(256) };
};

const measureBatches = async (
  client: EventStoreDBClient,
  written: Written,
  seconds: number,
): Promise<StoreFigures['batches']> => {
  const measure = async (size: number): Promise<number> => {
    let batch = 0;
    const append: Caller = async () => {
      await client.appendToStream(`batch-${size}-${batch++}`, eventsOf(size), { expectedRevision: NO_STREAM });
      written.events += size;
    };
    const writers = Array.from({ length: batchWriters }, () => append);
    return (await closedLoop(writers, { warmUpSeconds: 0.5, seconds })).perSecond * size;
  };
  return { 100: await measure(100), 1000: await measure(1000) };
};

const ratePerSecond = async (read: AsyncIterable<unknown>, countMax: number): Promise<number> => {
  const began = performance.now();
  let count = 0;
  for await (const _ of read) if (++count >= countMax) break;
  return count / ((performance.now() - began) / 1000);
};

type Reads = Pick<StoreFigures, 'readAll' | 'readStream' | 'readEight'>;

const measureReads = async (client: EventStoreDBClient): Promise<Reads> => {
  const readAll = await ratePerSecond(client.readAll({ maxCount: eventsReadMax }), eventsReadMax);
  const perAppend = Math.floor(appendBytesMax / (2 * textBytes));
  for (let sent = 0; sent < longStreamEvents; sent += perAppend)
    await client.appendToStream('long', eventsOf(Math.min(perAppend, longStreamEvents - sent)));
  const readStream = await ratePerSecond(client.readStream('long'), Infinity);
  const milliseconds: number[] = [];
  const began = performance.now();
  for (let read = 0; read < shortReads; read++) {
    const from = performance.now();
    await ratePerSecond(client.readStream(`bench-32x${read % 32}-0`), Infinity);
    milliseconds.push(performance.now() - from);
  }
  return { readAll, readStream, readEight: timingsOf(milliseconds, (performance.now() - began) / 1000) };
};

const measureLive = async (client: EventStoreDBClient): Promise<Timings> => {
  const subscription = client.subscribeToStream('live', { fromRevision: START });
  let heard = (): void => undefined;
  const listening = (async () => {
    for await (const _ of subscription) heard();
  })();
  await client.appendToStream('live', event(0));
  await wait(200);
  const milliseconds: number[] = [];
  const began = performance.now();
  for (let n = 0; n < liveEvents; n++) {
    const from = performance.now();
    const seen = new Promise<void>((resolve) => (heard = resolve));
    await Promise.all([client.appendToStream('live', event(n)), seen]);
    milliseconds.push(performance.now() - from);
  }
  const live = timingsOf(milliseconds, (performance.now() - began) / 1000);
  await subscription.unsubscribe();
  await listening;
  return live;
};

const measureFiltered = async (client: EventStoreDBClient, written: Written): Promise<number> => {
  const filter = streamNameFilter({ prefixes: ['bench', 'batch'] });
  const all = client.subscribeToAll({ fromPosition: START, filter });
  const filtered = await ratePerSecond(all, Math.min(written.events, eventsReadMax));
  // Not waited for: a call that the server has ended already would never be reported as ended.
  void all.unsubscribe().catch(() => undefined);
  return filtered;
};
