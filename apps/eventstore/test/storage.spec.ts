import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
} from '@eventstore/db-client';
import { startEventStore, type RunningServer } from '../event-store-server';
import { openEnvironment, storePath } from '../log/environment';
import { PageFile } from '../log/page-file';
import { backup } from '../maintenance/backup';
import { compact } from '../maintenance/compact';
import { repair } from '../maintenance/repair';
import { takeSnapshot } from '../maintenance/snapshot';
import { verify, type Verified } from '../maintenance/verify';
import { runCommand } from './command';
import { happened, outcome, startTestServer, type TestServer } from './running-server';

const all = async (client: EventStoreDBClient): Promise<AllStreamResolvedEvent[]> => {
  const events = await outcome(client.readAll({ direction: 'forwards', fromPosition: START }));
  if (typeof events === 'string') throw new Error(events);
  return events;
};

/** A store at rest with three streams, and everything a reader sees of it. */
const filled = async (): Promise<{ directory: string; before: AllStreamResolvedEvent[] }> => {
  const test = await startTestServer();
  for (let n = 0; n < 40; n += 1) {
    await test.client.appendToStream(`kept-${n % 3}`, [happened(n), happened(n, 'x'.repeat(n * 100 + 1))]);
  }
  const before = await all(test.client);
  await test.client.dispose();
  await test.server.close();
  return { directory: test.directory, before };
};

const reopened = async <T>(directory: string, work: (client: EventStoreDBClient) => Promise<T>): Promise<T> => {
  const server = await startEventStore({ directory, listen: { host: '127.0.0.1', port: 0 } });
  const client = EventStoreDBClient.connectionString(server.endpoint);
  try {
    return await work(client);
  } finally {
    await client.dispose();
    await server.close();
  }
};

const startRefused = (directory: string): Promise<string> =>
  startEventStore({ directory, listen: { host: '127.0.0.1', port: 0 } }).then(
    async (server: RunningServer) => {
      await server.close();
      return 'it started';
    },
    (error: Error) => error.message,
  );

/** Overwrites the n-th occurrence of a text in the file, as a broken disk would. */
const spoil = (path: string, text: string, which: 'first' | 'last' | 'every'): void => {
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
    const isLast = bytes.indexOf(text, at + 1) < 0;
    if (which !== 'last' || isLast) bytes[at]! ^= 0x20;
    if (which === 'first') break;
  }
  writeFileSync(path, bytes);
};

const faultOf = (directory: string): string | undefined => {
  const file = PageFile.open(storePath(directory));
  try {
    verify(file);
    return undefined;
  } catch (error) {
    return String(error);
  } finally {
    file.close();
  }
};

const apply = { keepAs: 'damaged' };

describe('a backup', () => {
  let test: TestServer;
  let target: string;
  beforeAll(async () => {
    test = await startTestServer();
    target = mkdtempSync(join(tmpdir(), 'eventstore-backup-'));
  });
  afterAll(async () => {
    await test.stop();
    rmSync(target, { recursive: true, force: true });
  });

  it('taken while writers append is one moment of the log, sound, and a store to start from', async () => {
    // Enough for the journal to be written over meanwhile.
    const longType = 'x'.repeat(4_000);
    let stopped = false;
    const writer = async (n: number): Promise<void> => {
      while (!stopped) await test.client.appendToStream(`busy-${n}`, [happened(1), happened(2, longType)]);
    };
    const writers = Array.from({ length: 16 }, (_, n) => writer(n));
    const to = join(target, 'hot');
    const { code, said } = await runCommand('backup', '--data', test.directory, '--to', to);
    expect([said, code]).toEqual([expect.stringContaining('on disk and verified'), 0]);
    expect((await runCommand('verify', '--data', test.directory)).said).toContain('nothing is wrong');
    stopped = true;
    await Promise.all(writers);
    const now = await all(test.client);
    const then = await reopened(to, all);
    expect(then.length).toBeGreaterThan(32);
    expect(then.length).toBeLessThan(now.length);
    expect(then).toEqual(now.slice(0, then.length));
    expect(readdirSync(to)).not.toContain('events.lmdb.part');
  }, 60_000);

  it('never overwrites a store', async () => {
    const { code, said } = await runCommand('backup', '--data', test.directory, '--to', test.directory);
    expect([said, code]).toEqual([expect.stringContaining('exists'), 1]);
  });
});

describe('a damaged store', () => {
  let directory: string;
  let before: AllStreamResolvedEvent[];
  const path = (): string => storePath(directory);
  beforeEach(async () => {
    ({ directory, before } = await filled());
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const faulty = async (fault: string): Promise<void> => {
    expect(await runCommand('verify', '--data', directory)).toEqual({ code: 1, said: expect.stringContaining(fault) });
  };

  it('is refused at the start when a record does not match its checksum, with the name of the repair', async () => {
    spoil(path(), '"n":39', 'every');
    await faulty('does not match its checksum');
    const refused = await startRefused(directory);
    expect(refused).toMatch(/does not match its checksum.*Nothing was changed.*eventstore repair --data/);
  });

  it('that lost an event gets a stub in its place: every other event, position and revision stays', async () => {
    spoil(path(), '"n":20', 'every');
    expect(faultOf(directory)).toContain('does not match its checksum');
    const bytes = readFileSync(path());
    const told = await runCommand('repair', '--data', directory);
    expect(told).toEqual({
      code: 1,
      said: expect.stringMatching(/would cut:\n {2}the contents of revision 12 of stream 'kept-2' at/),
    });
    expect(readFileSync(path()).equals(bytes)).toBe(true);

    expect(await runCommand('repair', '--data', directory, '--yes')).toMatchObject({ code: 0 });
    expect(faultOf(directory)).toBeUndefined();
    expect(readdirSync(directory).filter((name) => name.includes('damaged'))).toHaveLength(1);
    await reopened(directory, async (client) => {
      const lost = before.filter(({ event }) => JSON.stringify(event!.data) !== '{"n":20}');
      expect(lost.length).toBeLessThan(before.length);
      expect(await all(client)).toEqual(lost);
      const appended = await client.appendToStream('kept-2', happened(), { expectedRevision: 25n });
      expect(appended.nextExpectedRevision).toBe(26n);
      const [at] = before.filter(({ event }) => JSON.stringify(event!.data) === '{"n":20}');
      const behind = await outcome(client.readAll({ fromPosition: at!.event!.position!, direction: 'forwards' }));
      expect(behind.length).toBeGreaterThan(10);
    });
  }, 30_000);

  it.each([0.3, 0.6, 0.9])(
    'cut to %f of its length is refused, and repaired from what is left',
    async (part) => {
      truncateSync(path(), Math.floor(statSync(path()).size * part));
      expect(await startRefused(directory)).toMatch(/is damaged: .*eventstore repair/);
      expect(await runCommand('repair', '--data', directory, '--yes')).toMatchObject({ code: 0 });
      expect((await runCommand('verify', '--data', directory)).said).toContain('nothing is wrong');
      const after = await reopened(directory, all);
      const known = new Map(before.map((resolved) => [resolved.event!.id, resolved]));
      for (const resolved of after.filter(({ event }) => event!.streamId.startsWith('kept'))) {
        expect(resolved).toEqual(known.get(resolved.event!.id));
      }
    },
    30_000,
  );

  it('is refused when it is empty, never taken for a new one', async () => {
    truncateSync(path(), 0);
    expect(await startRefused(directory)).toMatch(/is damaged: it has 0 bytes/);
  });

  it('is refused whatever page is overwritten, and every repair gives a sound store', async () => {
    const whole = readFileSync(path());
    const pages = whole.length / 4096;
    let noticed = 0;
    for (let page = 0; page < pages; page += 3) {
      const bytes = Buffer.from(whole);
      bytes.fill(0x5a, page * 4096, (page + 1) * 4096);
      writeFileSync(path(), bytes);
      const found = await repair(directory, apply);
      if (found) noticed += 1;
      expect(await repair(directory, undefined)).toBeUndefined();
    }
    // The pages that are free are nobody's loss.
    expect(noticed).toBeGreaterThan(pages / 6);
    expect(await startRefused(directory)).toBe('it started');
  }, 60_000);

  it('is noticed when the index has lost an event, and repaired without a loss', async () => {
    const environment = openEnvironment(directory);
    const [key] = [...environment.index.getKeys({ reverse: true, limit: 1 })];
    await environment.index.remove(key!);
    await environment.root.close();
    expect(faultOf(directory)).toContain('is missing in the index');
    expect(await repair(directory, apply)).toMatchObject({ cuts: [], recordsKept: 82 });
    expect(await reopened(directory, all)).toEqual(before);
  }, 30_000);

  it('is noticed when the middle of the log is gone', async () => {
    const environment = openEnvironment(directory);
    const keys = [...environment.log.getKeys({ limit: 10 })];
    await environment.log.remove(keys[9]!);
    await environment.root.close();
    expect(await startRefused(directory)).toMatch(/has 81 records where 82 were written/);
    expect(faultOf(directory)).toContain('where');
  }, 30_000);
});

describe('a store whose newest events are in the journal only', () => {
  const appended = 12;
  let directory: string;
  let before: AllStreamResolvedEvent[];
  const journal = (): string => join(directory, 'journal-0');
  const newest = (): AllStreamResolvedEvent[] => before.slice(-appended);

  // The file as it was at rest, and the journal of everything since: as if nothing had been brought over.
  beforeEach(async () => {
    const rest = await filled();
    directory = mkdtempSync(join(tmpdir(), 'eventstore-struck-'));
    cpSync(rest.directory, directory, { recursive: true });
    await reopened(rest.directory, async (client) => {
      for (let n = 0; n < appended; n += 1) await client.appendToStream(`late-${n % 2}`, happened(n));
      before = await all(client);
      copyFileSync(join(rest.directory, 'journal-0'), journal());
    });
    rmSync(rest.directory, { recursive: true, force: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const verified = async (): Promise<Verified> => {
    const { file, frames, close } = await takeSnapshot(directory);
    return Promise.resolve(verify(file, frames)).finally(close);
  };

  it('starts with all of them, goes on behind them, and is one file again when it was stopped', async () => {
    expect(await reopened(directory, all)).toEqual(before);
    expect(readdirSync(directory).filter((name) => name.startsWith('journal'))).toEqual([]);
    await reopened(directory, async (client) => {
      const next = await client.appendToStream('late-1', happened(), { expectedRevision: BigInt(appended / 2 - 1) });
      expect(next.nextExpectedRevision).toBe(BigInt(appended / 2));
    });
    expect(faultOf(directory)).toBeUndefined();
  });

  it('is verified, copied and compacted with them', async () => {
    const { records } = await verified();
    expect(records).toBe(82 + appended);
    const to = join(directory, 'copy');
    expect(await backup(directory, to)).toMatchObject({ records });
    expect(await reopened(to, all)).toEqual(before);
    await compact(directory, Date.now());
    expect(readdirSync(directory)).not.toContain('journal-0');
    expect(await reopened(directory, all)).toEqual(before);
  });

  it('is refused when one of them is spoilt and not the last, and loses only that one in a repair', async () => {
    const bytes = readFileSync(journal());
    bytes[bytes.indexOf('{"n":5}')]! ^= 1;
    writeFileSync(journal(), bytes);
    expect(await startRefused(directory)).toMatch(/the journal goes on at position \d+ where .*eventstore repair/);
    expect(await repair(directory, apply)).toMatchObject({ recordsKept: 82 + appended - 1 });
    expect(faultOf(directory)).toBeUndefined();
    expect(readdirSync(directory)).toContain('damaged.journal-0');
    const lost = newest()[5]!.event!.id;
    expect(await reopened(directory, all)).toEqual(before.filter(({ event }) => event!.id !== lost));
  });

  it('keeps them when the file is repaired', async () => {
    spoil(storePath(directory), '"n":20', 'every');
    const lost = 2;
    expect(await repair(directory, apply)).toMatchObject({ recordsKept: 82 + appended - lost });
    const kept = (await reopened(directory, all)).map(({ event }) => event!.id);
    expect(kept).toHaveLength(before.length - lost);
    expect(kept).toEqual(expect.arrayContaining(newest().map(({ event }) => event!.id)));
  });
});

describe('compaction', () => {
  it('removes what nobody is shown any more and keeps every position, revision and checkpoint', async () => {
    const test = await startTestServer();
    const { client } = test;
    const ids = new Map<string, ReturnType<typeof happened>>();
    const streams = ['count', 'before', 'gone', 'dead', 'whole'];
    for (let n = 0; n < 50; n += 1) {
      for (const stream of streams) {
        const event = happened(n, 'x'.repeat(10) + stream);
        ids.set(`${stream}-${n}`, event);
        await client.appendToStream(stream, event, { expectedRevision: n === 0 ? 'no_stream' : BigInt(n - 1) });
      }
    }
    await client.setStreamMetadata('count', { maxCount: 3 });
    await client.setStreamMetadata('before', { maxCount: 90 });
    await client.setStreamMetadata('before', { truncateBefore: 45 });
    await client.deleteStream('gone');
    await client.tombstoneStream('dead');
    const before = await all(client);
    const shown = async (stream: string, from: EventStoreDBClient): Promise<unknown> =>
      outcome(from.readStream(stream));
    const views = await Promise.all(streams.map((stream) => shown(stream, client)));
    const middle = before[100]!.event!.position!;
    await client.dispose();
    await test.server.close();

    const { code, said } = await runCommand('compact', '--data', test.directory);
    // 47 beyond the count, 45 before the first, 50 and 50 of deleted streams, the older metadata of one.
    expect([said, code]).toEqual([expect.stringContaining('contents of 193 events removed'), 0]);
    expect((await runCommand('verify', '--data', test.directory)).said).toContain('193 of them removed');
    expect(readFileSync(storePath(test.directory)).includes('xgone')).toBe(false);

    await reopened(test.directory, async (after) => {
      expect(await Promise.all(streams.map((stream) => shown(stream, after)))).toEqual(views);
      const left = before.filter(({ event }) => {
        const first = { count: 47, before: 45, gone: 50, dead: 50 }[event!.streamId] ?? 0;
        return (
          event!.type === '$streamDeleted' ||
          (event!.revision >= first && !(event!.streamId === '$$before' && event!.revision === 0n))
        );
      });
      expect(await all(after)).toEqual(left);
      expect(await outcome(after.readAll({ direction: BACKWARDS, fromPosition: END }))).toEqual([...left].reverse());
      // A checkpoint at a removed event resumes behind it, and reads from there are no error.
      const removed = before.findIndex(({ event }) => event!.streamId === 'gone' && event!.revision === 20n);
      const rest = before
        .slice(removed + 1)
        .filter((resolved) => left.some(({ event }) => event!.id === resolved.event!.id));
      expect(
        await outcome(after.readAll({ fromPosition: before[removed]!.event!.position!, direction: 'forwards' })),
      ).toEqual(rest);
      const seen: unknown[] = [];
      const wanted = rest.filter(({ event }) => event!.streamId === 'whole');
      for await (const resolved of after.subscribeToAll({
        fromPosition: middle,
        filter: streamNameFilter({ prefixes: ['whole'] }),
      })) {
        seen.push(resolved);
        if (seen.length === wanted.length) break;
      }
      expect(seen).toEqual(
        before
          .slice(101)
          .filter(({ event }) => event!.streamId === 'whole')
          .slice(0, seen.length),
      );
      // The ids of removed events still mark a repeat, and streams go on where they were.
      const repeat = await after.appendToStream('before', ids.get('before-7')!, { expectedRevision: 6n });
      expect(repeat.nextExpectedRevision).toBe(7n);
      expect((await after.appendToStream('gone', happened())).nextExpectedRevision).toBe(50n);
      await after.setStreamMetadata('count', {});
      expect(await outcome(after.readStream('count'))).toHaveLength(3);
      expect(await outcome(after.readStream('count', { direction: BACKWARDS, fromRevision: 10n }))).toEqual([]);
    });
    rmSync(test.directory, { recursive: true, force: true });
  }, 60_000);

  it('gives disk space back and leaves a store in use alone', async () => {
    const test = await startTestServer();
    const text = 'y'.repeat(20_000);
    for (let n = 0; n < 20; n += 1)
      await test.client.appendToStream(
        'large',
        Array.from({ length: 10 }, () => happened(n, text)),
      );
    await test.client.deleteStream('large');
    await expect(compact(test.directory, Date.now())).rejects.toThrow('in use');
    await test.client.dispose();
    await test.server.close();
    const before = statSync(storePath(test.directory)).size;
    await compact(test.directory, Date.now());
    expect(statSync(storePath(test.directory)).size).toBeLessThan(before / 20);
    rmSync(test.directory, { recursive: true, force: true });
  }, 60_000);
});

describe('a store of an older format', () => {
  it.each(['1', '2'])(
    '(%s) is brought up to date at the start, reads as before and gains a journal',
    async (format) => {
      const { directory, before } = await filled();
      const environment = openEnvironment(directory);
      const end: unknown = JSON.parse(environment.facts.get('end')!);
      // Format 1 did not count its records.
      await environment.root.batch(() => {
        void environment.facts.put('format', format);
        if (format === '1') void environment.facts.put('end', JSON.stringify({ ...Object(end), records: undefined }));
      });
      await environment.root.close();
      await reopened(directory, async (client) => {
        expect(await all(client)).toEqual(before);
        await client.appendToStream('new', happened());
        expect(readdirSync(directory)).toContain('journal-0');
      });
      expect(faultOf(directory)).toBeUndefined();
      rmSync(directory, { recursive: true, force: true });
    },
  );

  it('of a newer one is refused', async () => {
    const { directory } = await filled();
    const environment = openEnvironment(directory);
    await environment.facts.put('format', '99');
    await environment.root.close();
    expect(await startRefused(directory)).toMatch(/has format 99; this version reads and writes format 3/);
    rmSync(directory, { recursive: true, force: true });
  });
});
