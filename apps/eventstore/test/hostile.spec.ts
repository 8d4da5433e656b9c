import { mkdtempSync, rmSync } from 'node:fs';
import type { ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { jsonEvent, START, streamNameFilter } from '@eventstore/db-client';
import { framed } from '../grpc/call';
import { storePath } from '../log/environment';
import { PageFile } from '../log/page-file';
import { verify } from '../maintenance/verify';
import { killServers, spawnServer, type ServerProcess } from './command';
import { fuzz } from './fuzz';
import { residentMegabytes } from './memory';
import { happened, outcome } from './running-server';
import { seeded } from './seeded';
import { callRaw, openSession, samples } from './wire';

const megabytesMax = 320;
const streams = '/event_store.client.streams.Streams/';

describe('a server among hostile clients', () => {
  let directory: string;
  let server: ServerProcess;
  let session: ClientHttp2Session;
  // What the launcher may have to say.
  let before: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'eventstore-hostile-'));
    server = await spawnServer(directory);
    session = openSession(server.endpoint);
    before = server.complaints();
  });
  afterAll(async () => {
    session.destroy();
    await killServers();
    rmSync(directory, { recursive: true, force: true });
  });

  let served = 0;
  const expectOthersServed = async (): Promise<void> => {
    const stream = `served-${(served += 1)}`;
    await server.client.appendToStream(stream, [happened(1), happened(2)], { expectedRevision: 'no_stream' });
    expect(await outcome(server.client.readStream(stream))).toHaveLength(2);
    expect(residentMegabytes(server)).toBeLessThan(megabytesMax);
    expect(server.complaints()).toBe(before);
  };
  const send = async (path: string, chunk: Buffer, halfClose = true): Promise<number | undefined> =>
    (await callRaw(session, path, { chunks: [chunk], halfClose, msMax: 2_000 })).status;

  it('answers what is malformed, too long, unknown, compressed or cut off with a status', async () => {
    const broken = framed(Buffer.of(0x0a, 0xff, 0xff, 0x03, 1, 2, 3));
    for (const { path } of samples.filter((sample) => !/Gossip|Features|Users|nobody|List/.test(sample.path)))
      expect([path, await send(path, broken)]).not.toEqual([path, 0]);
    expect(await send(`${streams}Nothing`, framed(Buffer.alloc(0)))).toBe(12);
    expect(await send(`${streams}Read`, Buffer.of(1, 0, 0, 0, 0))).toBe(12);
    expect(await send(`${streams}Read`, Buffer.of(0, 0xff, 0xff, 0xff, 0xff))).toBe(8);
    expect(await send(`${streams}Append`, framed(Buffer.alloc(17_000_000)).subarray(0, 100_000))).toBe(8);
    expect(await send(`${streams}Read`, Buffer.of(0, 0, 0, 0, 9, 1))).toBe(13);
    expect(await send(`${streams}Read`, Buffer.alloc(0))).toBe(13);
    await expectOthersServed();
  });

  it('serves others beside calls that are never closed, and beside a thousand idle connections', async () => {
    const halfOpen = samples.map(({ path, messages }) =>
      callRaw(session, path, { chunks: messages.slice(0, 1), halfClose: false, msMax: 300 }),
    );
    const port = Number(/:(\d+)\?/.exec(server.endpoint)![1]);
    const sockets: Socket[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      if (n % 2 === 0) socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0', 'latin1');
      sockets.push(socket);
    }
    await expectOthersServed();
    await Promise.all(halfOpen);
    for (const socket of sockets) socket.destroy();
    await expectOthersServed();
  }, 30_000);

  it('stays small while sixty calls begin a message of fifteen megabytes and never finish it', async () => {
    const begun = framed(Buffer.alloc(15_000_000)).subarray(0, 12_000_000);
    const sessions = [1, 2, 3].map(() => openSession(server.endpoint));
    const answers = sessions.flatMap((lazy) =>
      Array.from({ length: 20 }, () =>
        callRaw(lazy, `${streams}Append`, { chunks: [begun], halfClose: false, msMax: 1_500 }),
      ),
    );
    await Promise.race(answers);
    await expectOthersServed();
    await Promise.all(answers);
    for (const lazy of sessions) lazy.destroy();
    await expectOthersServed();
  }, 30_000);

  it('stays small while fifty subscribers never read forty megabytes', async () => {
    const lazy = openSession(server.endpoint);
    const { path, messages } = samples[1]!;
    const subscribe = framed(Buffer.from(subscribeToAll));
    const silent = Array.from({ length: 50 }, (_, n) => {
      const stream = lazy.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
      stream.on('error', () => undefined).pause();
      stream.end(n % 2 === 0 ? subscribe : messages[0]);
      return stream;
    });
    const text = 'x'.repeat(10_000);
    for (let n = 0; n < 40; n += 1)
      await server.client.appendToStream(
        'flood',
        Array.from({ length: 100 }, () => jsonEvent({ type: 'Flood', data: { text } })),
      );
    await expectOthersServed();
    expect(await outcome(server.client.readStream('flood', { maxCount: 4_000 }))).toHaveLength(4_000);
    await expectOthersServed();
    for (const stream of silent) stream.close();
    lazy.destroy();
  }, 60_000);

  it('refuses an expression that would hold it up, and serves others meanwhile', async () => {
    await server.client.appendToStream(`${'a'.repeat(60)}!`, happened());
    const evil = streamNameFilter({ regex: '^a(?=a)(a+)+$' });
    const follow = async (): Promise<void> => {
      for await (const _ of server.client.subscribeToAll({ fromPosition: START, filter: evil }));
    };
    await expect(follow()).rejects.toThrow(/RESOURCE_EXHAUSTED: the regular expression/);
    await expectOthersServed();
  });

  it('survives thousands of spoilt calls', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    process.stderr.write(`fuzz with seed ${seed}\n`);
    const { statuses } = await fuzz({
      ...{ endpoint: server.endpoint, random: seeded(seed), isOver: (calls) => calls >= 2_000 },
    });
    expect(Object.keys(statuses).length).toBeGreaterThan(4);
    await expectOthersServed();
  }, 60_000);

  it('stops beside calls that never end and are never read, and its files are whole', async () => {
    const lazy = openSession(server.endpoint);
    const begun = framed(Buffer.alloc(2_000_000)).subarray(0, 1_500_000);
    for (const { path, messages } of samples) {
      const stream = lazy.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
      stream.on('error', () => undefined).pause();
      stream.write(messages[0]);
      stream.write(begun);
    }
    await expectOthersServed();
    await server.stop();
    lazy.destroy();
    const file = PageFile.open(storePath(directory));
    verify(file);
    file.close();
  }, 60_000);
});

// A subscription to $all from its start, without a filter.
const subscribeToAll = [0x0a, 12, 0x12, 2, 0x12, 0, 0x32, 0, 0x42, 0, 0x4a, 2, 0x12, 0];
