import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, removeSocketFolder, socketFolder } from './data-directory';
import { startEventStore } from './event-store-process';
import { type Cluster, openCluster } from './postgres-cluster';
import type { PostgresPasswords } from './postgres-passwords';
import { startPostgres } from './postgres-process';
import { type StoreState, Supervisor } from './supervisor';

/** One supervised store and the place where its socket is. */
export interface EmbeddedStore {
  /** Of the event store the socket, of PostgreSQL the folder that holds it. */
  readonly place: string;
  state(): StoreState;
  stop(): Promise<void>;
}

type OnState = (state: StoreState) => void;

export const openEmbeddedEventStore = async (layout: Layout, onState: OnState): Promise<EmbeddedStore> => {
  const folder = socketFolder(layout.run);
  const socket = join(folder, 'eventstore');
  return supervised(
    new Supervisor((signal) => startEventStore(layout.eventStore, socket, signal), onState),
    socket,
    folder,
  );
};

export const openEmbeddedPostgres = async (
  layout: Layout,
  passwords: PostgresPasswords,
  onState: OnState,
): Promise<EmbeddedStore> => {
  const cluster = await openCluster(layout, passwords);
  const folder = closedFolder(cluster, join(layout.postgres, 'run'));
  return supervised(new Supervisor((signal) => startPostgres(cluster, folder, signal), onState), folder, folder);
};

const supervised = async (supervisor: Supervisor, place: string, folder: string): Promise<EmbeddedStore> => {
  try {
    await supervisor.begin();
  } catch (error) {
    removeSocketFolder(folder);
    throw error;
  }
  const stop = async () => {
    await supervisor.stop();
    removeSocketFolder(folder);
  };
  return { place, state: () => supervisor.state, stop };
};

const closedFolder = ({ account: { uid, gid } }: Cluster, preferred: string): string => {
  const folder = socketFolder(preferred);
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  chmodSync(folder, 0o700);
  return folder;
};
