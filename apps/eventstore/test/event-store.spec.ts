import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { startEventStore } from '../event-store-server';
import { happened, outcome, startTestServer, type TestServer } from './running-server';

describe('the event store', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
  });
  afterAll(() => test.stop());

  it('keeps events, revisions and positions over a restart, and goes on behind them', async () => {
    const first = await test.client.appendToStream('kept', [happened(1), happened(2)], {
      expectedRevision: 'no_stream',
    });
    const before = await outcome(test.client.readAll());
    await test.restart();
    expect(await outcome(test.client.readAll())).toEqual(before);
    const second = await test.client.appendToStream('kept', happened(3), { expectedRevision: 1n });
    expect(second.nextExpectedRevision).toBe(2n);
    expect(second.position!.commit > first.position!.commit).toBe(true);
  });

  it('recognises a repeat at an exact revision after a restart', async () => {
    const events = [happened(1), happened(2)];
    const first = await test.client.appendToStream('repeated', events, { expectedRevision: 'no_stream' });
    await test.restart();
    expect(await test.client.appendToStream('repeated', events, { expectedRevision: 'no_stream' })).toEqual(first);
    expect(await outcome(test.client.readStream('repeated'))).toHaveLength(2);
  });

  it('lets one of many appends at the same revision win', async () => {
    const attempts = Array.from({ length: 500 }, (_, n) =>
      test.client.appendToStream('contended', happened(n), { expectedRevision: 'no_stream' }).then(
        () => 'won',
        () => 'lost',
      ),
    );
    expect((await Promise.all(attempts)).filter((result) => result === 'won')).toHaveLength(1);
    expect(await outcome(test.client.readStream('contended'))).toHaveLength(1);
  });

  it('delivers what is appended while a subscriber catches up once and in order', async () => {
    const subscription = test.client.subscribeToAll({
      fromPosition: START,
      filter: streamNameFilter({ prefixes: ['race-'] }),
    });
    const seen: bigint[] = [];
    const done = (async () => {
      for await (const { event } of subscription) if (seen.push(event!.position!.commit) === 300) return;
    })();
    const writer = async (n: number): Promise<void> => {
      for (let i = 0; i < 50; i += 1) await test.client.appendToStream(`race-${n}`, [happened(i), happened(i)]);
    };
    await Promise.all([writer(1), writer(2), writer(3), done]);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('stays small while a subscriber does not read', async () => {
    const subscription = test.client.subscribeToStream('flood', { fromRevision: START });
    await new Promise((resolve) => subscription.once('confirmation', resolve));
    subscription.pause();
    const text = 'x'.repeat(10_000);
    for (let i = 0; i < 30; i += 1)
      await test.client.appendToStream(
        'flood',
        Array.from({ length: 50 }, (_, n) => happened(n, text)),
      );
    subscription.resume();
    let next = 0n;
    for await (const { event } of subscription) {
      expect(event!.revision).toBe(next);
      next += 1n;
      if (next === 1_500n) break;
    }
  });

  it('serves a unix socket that only its owner may use, and nothing else', async () => {
    const socket = join(test.directory, 'es.sock');
    const directory = join(test.directory, 'second');
    const server = await startEventStore({ directory, listen: { socket } });
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const client = new EventStoreDBClient({ endpoint: server.endpoint }, { insecure: true });
    await client.appendToStream('over-socket', happened());
    expect(await outcome(client.readStream('over-socket'))).toHaveLength(1);
    await client.dispose();
    await server.close();
    expect(existsSync(socket)).toBe(false);
  });

  it('refuses a directory that another server holds, and says who holds it', async () => {
    const second = startEventStore({ directory: test.directory, listen: { host: '127.0.0.1', port: 0 } });
    await expect(second).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('answers health, statistics and metrics over HTTP', async () => {
    const directory = join(test.directory, 'third');
    const server = await startEventStore({ directory, listen: { host: '127.0.0.1', port: 0 }, httpPort: 0 });
    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${server.httpPort}${path}`);
    expect((await get('/health/live')).status).toBe(204);
    expect(await (await get('/stats')).json()).toMatchObject({ 'appends-waiting': 0, 'grpc-connections': 0 });
    expect(await (await get('/metrics')).text()).toMatch(/^eventstore_log_end_position \d+$/m);
    await server.close();
  });
});
