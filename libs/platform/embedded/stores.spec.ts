import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { freshDataDirectory } from '../../../test/support/fresh-data';
import { readConfig } from '../config/config';
import { attachOrOpen } from './attach';
import { type Stores, openStores } from './stores';
import {
  type Program,
  build,
  goneWithin,
  pidOf,
  poolConfigOf,
  processesOn,
  startProgram,
} from './testing/running-program';

const leftoverMillisecondsMax = 5_000;
const isReady = ({ ready }: Readonly<Record<string, unknown>>) => ready === true;
const becomes = (name: string, state: string) => (line: Readonly<Record<string, unknown>>) =>
  line.store === name && line.status === state;

describe('embedded stores', () => {
  let data: string;
  let program: Program | undefined;

  beforeAll(build, 60_000);
  beforeEach(() => (data = freshDataDirectory()));
  afterEach(async () => {
    program?.child.kill('SIGKILL');
    const left = await goneWithin(data, leftoverMillisecondsMax);
    rmSync(data, { recursive: true, force: true });
    expect(left).toEqual([]);
  });

  const ask = async (config: Stores['database'], sql: string) => {
    const client = new Client(config);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const ready = async () => {
    program = startProgram({ data });
    const line = await program.heard(isReady);
    return { program, line, database: poolConfigOf(line, 'database'), keystore: poolConfigOf(line, 'keystore') };
  };
  const client = () =>
    new EventStoreDBClient({ endpoint: `unix:${join(data, 'run', 'eventstore')}` }, { insecure: true });
  const append = async (store: EventStoreDBClient, stream: string) => {
    await store.appendToStream(stream, jsonEvent({ type: 'Happened', data: {} }), { expectedRevision: 'no_stream' });
  };
  const count = async (store: EventStoreDBClient, stream: string) => {
    let events = 0;
    for await (const _ of store.readStream(stream)) events++;
    return events;
  };

  it('start empty, keep what was written, and stop leaving nothing behind', async () => {
    rmSync(data, { recursive: true });
    const config = readConfig({ CASEFOLD_DATA: data });
    const first = await openStores(config);
    await append(first.eventStore, 'kept-1');
    await ask(first.database, 'create table kept (id int)');
    expect(first.state()).toEqual({
      eventStore: { status: 'up' },
      database: { status: 'up' },
      keystore: { status: 'up' },
    });
    await first.stop();
    expect(processesOn(data)).toEqual([]);
    const second = await openStores(config);
    expect(await count(second.eventStore, 'kept-1')).toBe(1);
    expect(await ask(second.database, 'select count(*)::int as rows from kept')).toEqual([{ rows: 0 }]);
    await second.stop();
  }, 20_000);

  it('keep keys in a database that the role of the read models cannot enter', async () => {
    const { database, keystore } = await ready();
    expect(await ask(keystore, 'select current_user::text')).toEqual([{ current_user: 'keystore' }]);
    await expect(ask({ ...database, database: 'keystore' }, 'select 1')).rejects.toThrow(/permission denied/);
    await expect(ask({ ...keystore, database: 'casefold' }, 'select 1')).rejects.toThrow(/permission denied/);
    await expect(ask({ ...database, password: 'guess' }, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(await ask(database, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([
      { rolsuper: false },
    ]);
  }, 20_000);

  it.each(['postgres', 'guard'] as const)(
    'show and survive the death of %s',
    async (part) => {
      const { program, database } = await ready();
      await ask(database, 'create table kept (id int); insert into kept values (1)');
      const [said, before] = [program.lines.length, pidOf(data, 'postgres')];
      process.kill(pidOf(data, part), 'SIGKILL');
      await program.heard(becomes('database', 'restarting'), said);
      await program.heard(becomes('keystore', 'restarting'), said);
      await program.heard(becomes('database', 'up'), said);
      expect(await ask(database, 'select id from kept')).toEqual([{ id: 1 }]);
      expect(pidOf(data, 'postgres')).not.toBe(before);
      expect(pidOf(data, 'guard')).toBeGreaterThan(0);
    },
    30_000,
  );

  it('show and survive the death of the event store, with one and the same client', async () => {
    const { program } = await ready();
    const store = client();
    await append(store, 'kept-1');
    const said = program.lines.length;
    process.kill(pidOf(data, 'eventstore'), 'SIGKILL');
    await program.heard(becomes('eventStore', 'restarting'), said);
    await program.heard(becomes('eventStore', 'up'), said);
    await append(store, 'kept-2').catch(() => append(store, 'kept-2'));
    expect(await count(store, 'kept-1')).toBe(1);
    await store.dispose();
  }, 30_000);

  it('do not outlive a program that is killed with -9, and start again on what it left', async () => {
    const { program, database } = await ready();
    await ask(database, 'create table kept (id int); insert into kept values (1)');
    program.child.kill('SIGKILL');
    expect(await goneWithin(data, leftoverMillisecondsMax)).toEqual([]);
    const again = await ready();
    expect(await ask(again.database, 'select id from kept')).toEqual([{ id: 1 }]);
  }, 30_000);

  it('end the orphan of a program that was killed together with the guard', async () => {
    const { program } = await ready();
    const orphan = pidOf(data, 'postgres');
    program.child.kill('SIGSTOP');
    process.kill(pidOf(data, 'guard'), 'SIGKILL');
    program.child.kill('SIGKILL');
    await program.ended();
    expect(pidOf(data, 'postgres')).toBe(orphan);
    const again = await ready();
    expect(await ask(again.database, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(processesOn(data).map(({ pid }) => pid)).not.toContain(orphan);
  }, 30_000);

  it('end what a killed PostgreSQL has left standing still, which would keep the next from starting', async () => {
    const { program, database } = await ready();
    const connected = new Client(database);
    connected.on('error', () => undefined);
    await connected.connect();
    const { rows } = await connected.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backend = rows[0]?.pid ?? 0;
    process.kill(backend, 'SIGSTOP');
    try {
      process.kill(pidOf(data, 'postgres'), 'SIGKILL');
      program.child.kill('SIGKILL');
      await program.ended();
      expect(processesOn(data).map(({ pid }) => pid)).toContain(backend);
      const again = await ready();
      expect(await ask(again.database, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(processesOn(data).map(({ pid }) => pid)).not.toContain(backend);
    } finally {
      // Left standing it would keep our own connection open, and with it the test's process.
      if (processesOn(data).some(({ pid }) => pid === backend)) process.kill(backend, 'SIGKILL');
    }
  }, 30_000);

  it('stop within ten seconds on a signal, also while somebody is connected', async () => {
    const { program, database } = await ready();
    const connected = new Client(database);
    connected.on('error', () => undefined);
    await connected.connect();
    const sleeping = connected.query('select pg_sleep(60)').catch(() => 'cut off');
    program.child.kill('SIGTERM');
    const { milliseconds } = await program.heard(({ stopped }) => stopped === true);
    expect(milliseconds).toBeLessThan(10_000);
    expect(await sleeping).toBe('cut off');
  }, 20_000);

  it('serve a second program that attaches, and outlive it', async () => {
    const { database } = await ready();
    await ask(database, 'create table kept (id int)');
    const attached = await attachOrOpen(readConfig({ CASEFOLD_DATA: data }), { role: 'a test' });
    await append(attached.eventStore, 'kept-1');
    expect(await ask(attached.database, 'select * from kept')).toEqual([]);
    await attached.stop();
    expect(await ask(database, 'select 1 as one')).toEqual([{ one: 1 }]);
  }, 20_000);

  it('start for a command when nobody runs, and stop with it', async () => {
    const opened = await attachOrOpen(readConfig({ CASEFOLD_DATA: data }), { role: 'a test' });
    await append(opened.eventStore, 'kept-1');
    await opened.stop();
    expect(processesOn(data)).toEqual([]);
  }, 20_000);

  it('find room for their sockets when the path is long', async () => {
    const deep = join(data, ...Array.from({ length: 6 }, () => 'x'.repeat(30)));
    const stores = await openStores(readConfig({ CASEFOLD_DATA: deep }));
    const folder = String(stores.database.host);
    expect(folder.startsWith(deep)).toBe(false);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await append(stores.eventStore, 'kept-1');
    const attached = await attachOrOpen(readConfig({ CASEFOLD_DATA: deep }), { role: 'a test' }).catch(
      (error: unknown) => error,
    );
    expect(attached).toMatchObject({ database: { host: folder } });
    if (attached instanceof Object && 'stop' in attached && typeof attached.stop === 'function') await attached.stop();
    await stores.stop();
    expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined();
  }, 20_000);

  it('log neither statements nor values of rows', async () => {
    const { database } = await ready();
    await ask(database, 'create table kept (id text primary key)');
    for (const sql of [
      "insert into kept values ('hunter2'), ('hunter2')",
      "select 'hunter2'::int",
      'select pg_sleep(0) from hunter2',
      "do $$ begin raise warning 'hunter2'; end $$",
    ]) {
      await ask(database, sql).catch(() => undefined);
    }
    const log = readFileSync(join(data, 'run', 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain('hunter2');
  }, 20_000);
});
