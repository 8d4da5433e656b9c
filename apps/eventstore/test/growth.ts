import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { createStore } from '../log/environment';
import { recordLength, writeRecord, type NewEvent } from '../log/record';
import { buildStore, replaceStore, type PlacedRecord } from '../maintenance/build';
import { spawnServer } from './command';
import { residentMegabytes } from './memory';
import { happened } from './running-server';
import { seeded } from './seeded';

/** What a server is like on a log of a given size: how fast it starts, how large it is, how fast it works. */
export interface Grown {
  events: number;
  startMs: number;
  megabytes: number;
  appendsPerSecond: number;
  readAllPerSecond: number;
  readsOfEightPerSecond: number;
}

const eventsPerStream = 8;
const dataBytes = 512;
const firstPosition = 64;
const appendCallers = 32;
const measureMs = 4_000;
const readEvents = 100_000;
const shortReads = 2_000;

/** Records as the server writes them, without the server: ten million appends would take an hour. */
function* records(count: number): Iterable<PlacedRecord> {
  const data = Buffer.from(JSON.stringify({ text: 'x'.repeat(dataBytes - 17), n: 1 }));
  const event: NewEvent = { id: '', type: Buffer.from('Grown'), json: true, data, metadata: Buffer.alloc(0) };
  let position = firstPosition;
  for (let n = 0; n < count; n += 1) {
    const name = Buffer.from(`grown-${Math.floor(n / eventsPerStream)}`);
    const place = { name, revision: n % eventsPerStream, position, createdMs: Date.now(), hidden: false };
    const whole = { ...event, id: randomUUID() };
    const record = Buffer.allocUnsafeSlow(recordLength(whole, place));
    writeRecord(record, whole, place);
    yield { position, record };
    position += record.length;
  }
}

const perSecond = async (work: () => Promise<number>): Promise<number> => {
  const began = performance.now();
  const count = await work();
  return Math.round(count / ((performance.now() - began) / 1_000));
};

const append = async (client: EventStoreDBClient): Promise<number> => {
  const end = performance.now() + measureMs;
  let count = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await client.appendToStream(`new-${randomUUID()}`, happened(), { expectedRevision: 'no_stream' });
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: appendCallers }, caller));
  return count;
};

const countOf = async (read: AsyncIterable<unknown>): Promise<number> => {
  let count = 0;
  for await (const _ of read) count += 1;
  return count;
};

const readStreams = async (client: EventStoreDBClient, streams: number): Promise<number> => {
  const random = seeded(1);
  for (let n = 0; n < shortReads; n += 1) await countOf(client.readStream(`grown-${Math.floor(random() * streams)}`));
  return shortReads;
};

export const measureGrown = async (events: number): Promise<Grown> => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-grown-'));
  try {
    await createStore(directory);
    const end = { nextPosition: firstPosition, nextStreamId: 1, lastCreatedMs: 0, records: 0 };
    await buildStore(directory, records(events), end, new Map());
    replaceStore(directory);
    const began = performance.now();
    const server = await spawnServer(directory);
    const startMs = Math.round(performance.now() - began);
    const { client } = server;
    const appendsPerSecond = await perSecond(() => append(client));
    // Once before: what is compared is the server, and not how cold the system's copy of a large file is.
    await countOf(client.readAll({ maxCount: readEvents }));
    const readAllPerSecond = await perSecond(() => countOf(client.readAll({ maxCount: readEvents })));
    const readsOfEightPerSecond = await perSecond(() => readStreams(client, Math.floor(events / eventsPerStream)));
    const megabytes = Math.round(residentMegabytes(server));
    await server.stop();
    return { events, startMs, megabytes, appendsPerSecond, readAllPerSecond, readsOfEightPerSecond };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const startMsMax = 3_000;
const growthMax = 1.5;
const rateLossMax = 0.2;

/** @returns whether a large log starts fast, needs little more memory and is as fast as a small one */
export const growsWell = (small: Grown, large: Grown): boolean =>
  large.startMs < startMsMax &&
  large.megabytes <= small.megabytes * growthMax &&
  (['appendsPerSecond', 'readAllPerSecond', 'readsOfEightPerSecond'] as const).every(
    (rate) => large[rate] >= small[rate] * (1 - rateLossMax),
  );
