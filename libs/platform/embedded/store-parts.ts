import { EventStoreDBClient } from '@eventstore/db-client';
import type { PoolConfig } from 'pg';
import type { Config } from '../config/config';
import type { Layout } from './data-directory';
import { openEmbeddedEventStore, openEmbeddedPostgres } from './embedded-stores';
import { type PostgresPasswords, postgresPasswords } from './postgres-passwords';
import { ensureReportingRole } from './reporting-role';
import { probeDatabase, probeEventStore, watchRemote } from './remote-store';
import { answeringAppends } from './shared-appends';
import type { StoreState } from './supervisor';
import { within } from './waiting';

export type StoreName = 'eventStore' | 'database' | 'keystore';
export type OnChange = (store: StoreName, state: StoreState) => void;

/** Where an event store answers: an embedded one on its socket, another at its connection string. Plain data. */
export type EventStorePlace = { readonly socket: string } | { readonly url: string };

export interface EventStorePart {
  readonly client: EventStoreDBClient;
  readonly place: EventStorePlace;
  state(): { readonly eventStore: StoreState };
  stop(): Promise<void>;
}

export interface DatabasePart {
  readonly database: PoolConfig;
  readonly keystore: PoolConfig;
  /** The folder with the socket, when the server is embedded. */
  readonly place?: string;
  state(): { readonly database: StoreState; readonly keystore: StoreState };
  stop(): Promise<void>;
}

const applicationName = 'casefold';
// PostgreSQL names its socket after the port, also where it listens on none.
const socketPort = 5432;
const disposeMillisecondsMax = 1_000;

export const openEventStore = async (
  config: Config,
  layout: Layout | undefined,
  onChange: OnChange,
): Promise<EventStorePart> => {
  const onState = (state: StoreState) => onChange('eventStore', state);
  if (config.eventStoreUrl !== undefined) return remoteEventStore(config.eventStoreUrl, onState);
  const store = await openEmbeddedEventStore(required(layout), onState);
  const place = { socket: store.place };
  const client = clientOf(place);
  const stop = async () => {
    await disposeOf(client);
    await store.stop();
  };
  return { client, place, state: () => ({ eventStore: store.state() }), stop };
};

export const openDatabases = async (
  config: Config,
  layout: Layout | undefined,
  onChange: OnChange,
): Promise<DatabasePart> => {
  if (config.databaseUrl !== undefined && config.keystoreUrl !== undefined) {
    return remoteDatabases(config.databaseUrl, config.keystoreUrl, onChange);
  }
  const passwords = postgresPasswords(required(layout));
  const server = await openEmbeddedPostgres(required(layout), passwords, (state) => {
    onChange('database', state);
    onChange('keystore', state);
  });
  try {
    await ensureReportingRole(server.place, passwords);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const state = () => ({ database: server.state(), keystore: server.state() });
  return { ...databasesOfSocket(server.place, passwords), place: server.place, state, stop: server.stop };
};

/** A client of its own for whoever works beside those who have the store, in another thread or process. */
export const clientOf = (place: EventStorePlace): EventStoreDBClient =>
  answeringAppends(
    'url' in place
      ? EventStoreDBClient.connectionString(place.url)
      : new EventStoreDBClient({ endpoint: `unix:${place.socket}` }, { insecure: true }),
  );

/** Ends the client's calls. It waits for each to finish, and one that never does must not keep us from stopping. */
export const disposeOf = async (client: EventStoreDBClient): Promise<void> => {
  await within(client.dispose(), disposeMillisecondsMax);
};

export const databasesOfSocket = (
  folder: string,
  passwords: PostgresPasswords,
): Pick<DatabasePart, 'database' | 'keystore'> => {
  const at = (name: 'casefold' | 'keystore'): PoolConfig => ({
    host: folder,
    port: socketPort,
    database: name,
    user: name,
    password: passwords[name],
    application_name: applicationName,
  });
  return { database: at('casefold'), keystore: at('keystore') };
};

const remoteEventStore = async (url: string, onState: (state: StoreState) => void): Promise<EventStorePart> => {
  const place = { url };
  const client = clientOf(place);
  try {
    const watched = await watchRemote(probeEventStore(client), onState);
    const stop = () => {
      watched.stop();
      return disposeOf(client);
    };
    return { client, place, state: () => ({ eventStore: watched.state() }), stop };
  } catch (error) {
    await disposeOf(client);
    throw new Error('the event store of EVENTSTORE_URL does not answer', { cause: error });
  }
};

const remoteDatabases = async (databaseUrl: string, keystoreUrl: string, onChange: OnChange): Promise<DatabasePart> => {
  const at = (connectionString: string): PoolConfig => ({ connectionString, application_name: applicationName });
  const [database, keystore] = [at(databaseUrl), at(keystoreUrl)];
  const watch = (name: 'database' | 'keystore', config: PoolConfig) =>
    watchRemote(probeDatabase(config), (state) => onChange(name, state)).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : 'no reason given';
      throw new Error(
        `the ${name} of ${name === 'database' ? 'DATABASE_URL' : 'KEYSTORE_URL'} does not answer: ${reason}`,
      );
    });
  const [left, right] = await allOrNone(watch('database', database), watch('keystore', keystore));
  const state = () => ({ database: left.state(), keystore: right.state() });
  const stop = async () => {
    left.stop();
    right.stop();
  };
  return { database, keystore, state, stop };
};

interface Stoppable {
  stop(): void | Promise<void>;
}

/** Waits for both. When one fails, the other is stopped before the failure is told. */
export const allOrNone = async <A extends Stoppable, B extends Stoppable>(
  one: Promise<A>,
  other: Promise<B>,
): Promise<[A, B]> => {
  const [left, right] = await Promise.allSettled([one, other]);
  if (left.status === 'fulfilled' && right.status === 'fulfilled') return [left.value, right.value];
  if (left.status === 'fulfilled') await left.value.stop();
  if (right.status === 'fulfilled') await right.value.stop();
  throw left.status === 'rejected' ? left.reason : right.status === 'rejected' ? right.reason : undefined;
};

const required = (layout: Layout | undefined): Layout => {
  if (!layout) throw new Error('an embedded store needs a data directory');
  return layout;
};
