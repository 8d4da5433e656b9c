import type { EventStoreDBClient } from '@eventstore/db-client';
import { dirname } from 'node:path';
import type { PoolConfig } from 'pg';
import type { Config } from '../config/config';
import { type Layout, prepareDirectory, removeSocketFolder } from './data-directory';
import { lockDirectory } from './directory-lock';
import { type RuntimeFile, readRuntime, removeRuntime, writeRuntime } from './runtime-file';
import {
  type EventStorePlace,
  type OnChange,
  type StoreName,
  allOrNone,
  openDatabases,
  openEventStore,
} from './store-parts';
import type { StoreState } from './supervisor';

/** What the application works on. It cannot tell, and need not, whether the stores are its own or others'. */
export interface Stores {
  readonly eventStore: EventStoreDBClient;
  /** Where the event store is, for a client of another thread. */
  readonly eventStorePlace: EventStorePlace;
  /** Read models. */
  readonly database: PoolConfig;
  readonly keystore: PoolConfig;
  state(): Readonly<Record<StoreName, StoreState>>;
  /** Ends the client and every store that was started here, within ten seconds. End pools and subscriptions before. */
  stop(): Promise<void>;
}

export interface OpenOptions {
  /** What we are, for a second process that wants the same data directory. */
  readonly role?: string;
  readonly onChange?: OnChange;
}

/**
 * Connects to the stores that the configuration names and starts the others in the data directory, all at once.
 *
 * @throws DirectoryHeld when another process has the data directory; Error with the reason when a store does not come up,
 * after everything that did was stopped again
 */
export const openStores = async (
  config: Config,
  { role = 'server', onChange = () => undefined }: OpenOptions = {},
): Promise<Stores> => {
  const isEmbedded = config.eventStoreUrl === undefined || config.databaseUrl === undefined;
  const home = isEmbedded ? enter(config.dataDirectory, role) : undefined;
  try {
    const parts = [
      openEventStore(config, home?.layout, onChange),
      openDatabases(config, home?.layout, onChange),
    ] as const;
    const [eventStore, databases] = await allOrNone(...parts);
    home?.announce(eventStore.place, databases.place);
    return {
      eventStore: eventStore.client,
      eventStorePlace: eventStore.place,
      database: databases.database,
      keystore: databases.keystore,
      state: () => ({ ...eventStore.state(), ...databases.state() }),
      stop: async () => {
        home?.conceal();
        await Promise.all([eventStore.stop(), databases.stop()]);
        home?.leave();
      },
    };
  } catch (error) {
    home?.leave();
    throw error;
  }
};

interface Home {
  readonly layout: Layout;
  announce(eventStore: EventStorePlace, postgresSocketFolder?: string): void;
  conceal(): void;
  leave(): void;
}

const enter = (dataDirectory: string, role: string): Home => {
  const layout = prepareDirectory(dataDirectory);
  const lock = lockDirectory(dataDirectory, role);
  removeSocketsOf(readRuntime(layout.run));
  removeRuntime(layout.run);
  return {
    layout,
    announce: (eventStore, postgresSocketFolder) =>
      writeRuntime(layout.run, {
        ...('socket' in eventStore && { eventStoreSocket: eventStore.socket }),
        postgresSocketFolder,
      }),
    conceal: () => removeRuntime(layout.run),
    leave: () => lock.release(),
  };
};

/** A predecessor that was killed could not remove the folders that it made outside of the data directory. */
const removeSocketsOf = (runtime: RuntimeFile | undefined): void => {
  if (runtime?.postgresSocketFolder) removeSocketFolder(runtime.postgresSocketFolder);
  if (runtime?.eventStoreSocket) removeSocketFolder(dirname(runtime.eventStoreSocket));
};
