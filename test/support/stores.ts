import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { EventTypes } from '../../libs/eventing/event-types';
import { readConfig } from '../../libs/platform/config/config';
import { openStores, Stores } from '../../libs/platform/embedded/stores';
import { Engine, EngineOptions } from '../../libs/platform/engine/engine';
import { loadSecrets, Secrets } from '../../libs/platform/secrets/secrets';
import { freshDataDirectory } from './fresh-data';

/** A fresh installation in a temporary folder: real stores, as `npm start` has them. */
export interface TestInstallation {
  readonly dataDirectory: string;
  readonly stores: Stores;
  readonly secrets: Secrets;
  readonly engine: Engine;
  /** For a process that is to work on these stores. */
  readonly environment: Readonly<Record<string, string>>;
  /** Another process' view of the same stores: nothing is shared but what is on disk. */
  another(options?: Partial<EngineOptions>): Promise<Engine>;
  /** A view with tables of its own, under this name: for tests that share the stores and not what is in them. */
  apart(schema: string): Promise<Engine>;
  stop(): Promise<void>;
}

/** With `CASEFOLD_TEST_DATABASE` naming a server, the databases are made there, as CI does with Debian's PostgreSQL. */
export const openInstallation = async (types: EventTypes): Promise<TestInstallation> => {
  const dataDirectory = freshDataDirectory();
  const database = await freshDatabase(process.env['CASEFOLD_TEST_DATABASE']);
  const stores = await openStores(readConfig({ CASEFOLD_DATA: dataDirectory, DATABASE_URL: database?.url }));
  const secrets = await loadSecrets(join(dataDirectory, 'secrets'), { create: true });
  const { eventStore: client, keystore } = stores;
  const engines: Engine[] = [];
  const another = async (options: Partial<EngineOptions> = {}): Promise<Engine> => {
    const engine = new Engine({ client, database: stores.database, keystore, types, ...secrets, ...options });
    await engine.prepare();
    engines.push(engine);
    return engine;
  };
  const apart = async (schema: string): Promise<Engine> => {
    await engine.pool.query(`create schema if not exists ${schema}`);
    return another({ database: { ...stores.database, options: `-c search_path=${schema}` } });
  };
  const engine = await another();
  return {
    ...{ dataDirectory, stores, secrets, another, apart, engine },
    environment: { CASEFOLD_DATA: dataDirectory, ...(database ? { DATABASE_URL: database.url } : {}) },
    stop: async () => {
      await Promise.all(engines.map((engine) => engine.close()));
      await stores.stop();
      await database?.drop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
};

interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Two empty databases on a server that others run: one for the read models, one for the keys. */
const freshDatabase = async (server: string | undefined): Promise<FreshDatabase | undefined> => {
  if (server === undefined) return undefined;
  const name = `casefold_test_${randomUUID().replaceAll('-', '')}`;
  const names = [name, `${name}_keystore`];
  for (const each of names) await administer(server, `create database ${each}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: async () => {
      for (const each of names) await administer(server, `drop database ${each} with (force)`);
    },
  };
};

const administer = async (server: string, statement: string): Promise<void> => {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
