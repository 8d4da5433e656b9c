import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { seeded } from '../test/seeded';
import { Backlog } from './backlog';
import { openEnvironment, putFrames, type Environment } from './environment';
import { Group } from './group';
import type { Frame } from './journal-frame';
import { nameKey, positionFromKey, revisionFromKey } from './keys';
import { emptyLog } from './log-end';
import { RecentIds } from './recent-ids';
import type { NewEvent } from './record';
import { Streams } from './streams';
import { Tables } from './tables';

const streamNames = ['a', 'b', 'c', 'never written'];
const framesMade = 6;

const event = (): NewEvent => ({
  id: randomUUID(),
  type: Buffer.from('Happened'),
  json: true,
  data: Buffer.from('{}'),
  metadata: Buffer.alloc(0),
});

/** Frames as the writer makes them, each of some appends to streams that it draws. */
const makeFrames = (environment: Environment, random: () => number): Frame[] => {
  const backlog = new Backlog();
  const tables = new Tables(() => environment, backlog);
  const streams = new Streams(tables);
  let end = { ...emptyLog };
  return Array.from({ length: framesMade }, (_, n) => {
    const group = new Group(tables, streams, new RecentIds(), { ...end }, randomUUID);
    for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) {
      const events = Array.from({ length: 1 + Math.floor(random() * 4) }, event);
      const stream = streamNames[Math.floor(random() * 3)]!;
      group.apply({ kind: 'append', stream, expected: { kind: 'any' }, events, bytes: 0 });
    }
    if (n === framesMade - 1) group.apply({ kind: 'tombstone', stream: 'a', expected: { kind: 'any' } });
    const frame = group.frame()!;
    end = group.end;
    backlog.add(frame);
    for (const stream of group.changed.values()) streams.remember(stream);
    return frame;
  });
};

/** What all of the tables say, whichever way they are asked. */
const everything = (tables: Tables, frames: readonly Frame[]): string => {
  const positions = frames.flatMap(({ records }) => records.map(({ key }) => positionFromKey(key)));
  const places = [0, ...positions, positions.at(-1)! + 1];
  const keys = frames.flatMap(({ index }) => index.map(({ key }) => key));
  const revisions = [0, 1, 3, 7, 100];
  const answers = {
    one: places.map((position) => [tables.hasRecord(position), tables.record(position)]),
    forwards: places.flatMap((from) => [1, 4, 1_000].map((limit) => [...tables.recordsFrom(from, limit)])),
    backwards: places.flatMap((from) => [1, 4, 1_000].map((limit) => [...tables.recordsBefore(from, limit)])),
    entries: keys.map((key) => tables.entry(key.readUIntBE(0, 6), revisionFromKey(key))),
    ranges: [1, 2, 3, 4].flatMap((streamId) =>
      revisions.flatMap((low, n) =>
        revisions
          .slice(n)
          .flatMap((high) => [
            [...tables.entries(streamId, low, high, false)],
            [...tables.entries(streamId, high, low, true)],
          ]),
      ),
    ),
    streams: streamNames.map((name) => tables.stream(nameKey(Buffer.from(name)))),
  };
  return JSON.stringify(answers, (_, value: unknown) => (isBytes(value) ? crc32(Buffer.from(value.data)) : value));
};

// What JSON makes of a buffer.
const isBytes = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';

it('tables read the same wherever the database ends and the backlog begins, also where both have the same', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-tables-'));
  const environment = openEnvironment(directory);
  const seed = Math.floor(Math.random() * 2 ** 31);
  const frames = makeFrames(environment, seeded(seed));
  const readWith = (waiting: readonly Frame[]): string => {
    const backlog = new Backlog();
    for (const frame of waiting) backlog.add(frame);
    return `seed ${seed}: ${everything(new Tables(() => environment, backlog), frames)}`;
  };
  try {
    const inBacklog = readWith(frames);
    for (const [n, frame] of frames.entries()) {
      await putFrames(environment, [frame]);
      environment.root.resetReadTxn();
      for (let first = 0; first <= n + 1; first += 1) expect(readWith(frames.slice(first))).toBe(inBacklog);
    }
  } finally {
    await environment.root.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

it('a backlog forgets its oldest frames and nothing else', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-tables-'));
  const environment = openEnvironment(directory);
  const frames = makeFrames(environment, seeded(7));
  const backlogOf = (waiting: readonly Frame[]): Backlog => {
    const backlog = new Backlog();
    for (const frame of waiting) backlog.add(frame);
    return backlog;
  };
  for (let count = 0; count <= frames.length; count += 1) {
    const shortened = backlogOf(frames);
    shortened.drop(count);
    expect(shortened).toEqual(backlogOf(frames.slice(count)));
  }
  expect(backlogOf(frames).oldest(1)).toEqual(frames.slice(0, 1));
  expect(backlogOf(frames).oldest(Infinity)).toEqual(frames);
  await environment.root.close();
  rmSync(directory, { recursive: true, force: true });
});
