import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { readConfig } from '../config/config';
import { openStores } from './stores';
import { type Program, build, goneWithin, poolConfigOf, startProgram } from './testing/running-program';
import { until } from './waiting';

describe('stores of others', () => {
  let folder: string;
  let databases: Program;
  let eventStore: ChildProcess;
  let urls: Record<string, string>;

  beforeAll(async () => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'casefold-remote-'));
    databases = startProgram({ data: join(folder, 'servers') });
    const launcher = join(__dirname, '..', '..', '..', 'apps', 'launch.mjs');
    eventStore = spawn(process.execPath, [
      launcher,
      'eventstore',
      '--data',
      join(folder, 'log'),
      '--port',
      '0',
      '--parent-pipe',
    ]);
    let said = '';
    eventStore.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const port = await until(() => /:(\d+)/.exec(said)?.[1], 20_000);
    const line = await databases.heard(({ ready }) => ready === true);
    const urlOf = (name: 'database' | 'keystore') => {
      const { host = '', user, password, database } = poolConfigOf(line, name);
      return `postgres://${user}:${String(password)}@${encodeURIComponent(host)}:5432/${database}`;
    };
    urls = {
      EVENTSTORE_URL: `esdb://127.0.0.1:${port}?tls=false`,
      DATABASE_URL: urlOf('database'),
      KEYSTORE_URL: urlOf('keystore'),
    };
  }, 60_000);
  afterAll(async () => {
    eventStore.stdin?.end();
    databases.child.kill('SIGKILL');
    expect(await goneWithin(folder, 5_000)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('are connected to and left as they are; nothing is started, and no data directory made', async () => {
    const data = join(folder, 'data');
    const stores = await openStores(readConfig({ CASEFOLD_DATA: data, ...urls }));
    const client = new Client(stores.keystore);
    await client.connect();
    expect((await client.query('select current_database()::text as name')).rows).toEqual([{ name: 'keystore' }]);
    await client.end();
    await stores.stop();
    expect(readdirSync(folder)).not.toContain('data');
    expect(eventStore.exitCode).toBeNull();
  }, 30_000);

  it('may be mixed with our own', async () => {
    const data = join(folder, 'mixed');
    const { EVENTSTORE_URL = '' } = urls;
    const stores = await openStores(readConfig({ CASEFOLD_DATA: data, EVENTSTORE_URL }));
    expect(stores.database.host).toBe(join(data, 'postgres', 'run'));
    expect(stores.state()).toEqual({
      eventStore: { status: 'up' },
      database: { status: 'up' },
      keystore: { status: 'up' },
    });
    await stores.stop();
  }, 30_000);

  it('are named by their setting, without the password, when they do not answer', async () => {
    const { DATABASE_URL = '' } = urls;
    const wrong = DATABASE_URL.replace(/:[^:@]+@/, ':hunter2@');
    const error = await openStores(readConfig({ CASEFOLD_DATA: folder, ...urls, DATABASE_URL: wrong })).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toMatch(/DATABASE_URL does not answer/);
    expect(String(error)).not.toContain('hunter2');
  }, 60_000);

  it('are seen to go down', async () => {
    const changes: string[] = [];
    const stores = await openStores(readConfig({ CASEFOLD_DATA: folder, ...urls }), {
      onChange: (store, { status }) => changes.push(`${store} ${status}`),
    });
    databases.child.kill('SIGTERM');
    await until(
      () => (stores.state().database.status === 'down' && stores.state().keystore.status === 'down' ? true : undefined),
      15_000,
    );
    expect(changes.slice(-2).sort()).toEqual(['database down', 'keystore down']);
    expect(stores.state().eventStore.status).toBe('up');
    await stores.stop();
  }, 30_000);
});
