import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/config';
import { layoutOf } from './data-directory';
import { DirectoryHeld, livingOwner } from './directory-lock';
import { postgresPasswords } from './postgres-passwords';
import { type RuntimeFile, readRuntime } from './runtime-file';
import { clientOf, databasesOfSocket, disposeOf, openDatabases, openEventStore } from './store-parts';
import { type OpenOptions, type Stores, openStores } from './stores';

const pauseMilliseconds = 50;
// A server that starts may have to recover its stores first; another command line only to finish.
const serverMillisecondsMax = 60_000;
const commandMillisecondsMax = 10_000;

/**
 * For a command line. When a server runs on the data directory, its stores are used and left alone afterwards; otherwise
 * they are started for this command, and stopped by `stop`.
 *
 * @throws DirectoryHeld when another command line has the directory for longer than ten seconds
 */
export const attachOrOpen = async (config: Config, options: OpenOptions): Promise<Stores> => {
  const isRemote = config.eventStoreUrl !== undefined && config.databaseUrl !== undefined;
  if (isRemote) return openStores(config, options);
  const began = Date.now();
  for (;;) {
    const owner = livingOwner(config.dataDirectory);
    if (!owner) {
      const opened = await openUnlessTaken(config, options);
      if (opened) return opened;
      continue;
    }
    const isServer = owner.role === 'server';
    const runtime = isServer ? readRuntime(layoutOf(config.dataDirectory).run) : undefined;
    if (runtime) return attach(config, runtime);
    if (Date.now() - began > (isServer ? serverMillisecondsMax : commandMillisecondsMax)) {
      throw new DirectoryHeld(owner, config.dataDirectory);
    }
    await sleep(pauseMilliseconds);
  }
};

/** @returns undefined when somebody was faster between our look and our start */
const openUnlessTaken = async (config: Config, options: OpenOptions): Promise<Stores | undefined> => {
  try {
    return await openStores(config, options);
  } catch (error) {
    if (error instanceof DirectoryHeld) return undefined;
    throw error;
  }
};

const attach = async (config: Config, { eventStoreSocket, postgresSocketFolder }: RuntimeFile): Promise<Stores> => {
  const silent = () => undefined;
  const up = { status: 'up' } as const;
  const eventStore = eventStoreSocket === undefined ? await openEventStore(config, undefined, silent) : undefined;
  const remote = postgresSocketFolder === undefined ? await openDatabases(config, undefined, silent) : undefined;
  const passwords = () => postgresPasswords(layoutOf(config.dataDirectory));
  const databases = remote ?? databasesOfSocket(postgresSocketFolder ?? '', passwords());
  const place = eventStore?.place ?? { socket: eventStoreSocket ?? '' };
  const client = eventStore?.client ?? clientOf(place);
  return {
    eventStore: client,
    eventStorePlace: place,
    database: databases.database,
    keystore: databases.keystore,
    // Supervision is the server's business; a store that is down shows in the first call.
    state: () => ({ eventStore: up, database: up, keystore: up }),
    stop: async () => {
      await (eventStore ? eventStore.stop() : disposeOf(client));
      await remote?.stop();
    },
  };
};
