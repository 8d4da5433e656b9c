import type { Duplex } from 'node:stream';
import type { EventStoreDBClient } from '@eventstore/db-client';

type Creator = (client: object) => Duplex;
type StreamCreator = (
  type: object,
  call: string,
  creator: Creator,
  cache?: WeakMap<object, unknown>,
) => () => Promise<Duplex>;

// What the client lets its heirs replace.
interface Creating {
  GRPCStreamCreator: StreamCreator;
}

const sharedCall = 'appendToStream';

type Listener = (answer: unknown) => void;

const neverDeaf = (stream: Duplex): Duplex => {
  for (const listener of stream.listeners('data') as Listener[])
    stream.off('data', listener).on('data', (answer: unknown) => {
      try {
        listener(answer);
      } catch {
        // Nobody waits for this answer any more.
      }
    });
  return stream;
};

/**
 * Keeps a client's appends from waiting for ever.
 *
 * The official client (6.2) notes the appends of all connections of a process in one list, and strikes all of them when one connection
 * breaks. An answer that then comes on another connection finds nobody: its listener throws, and the connection reads no further, so
 * that no later append on it is ever answered. Whoever was struck has been told that the outcome is open, and sends the append
 * again; the late answer is for nobody.
 */
export const answeringAppends = (client: EventStoreDBClient): EventStoreDBClient => {
  const creating = client as unknown as Creating;
  const create = creating.GRPCStreamCreator;
  creating.GRPCStreamCreator = (type, call, creator, cache) =>
    create(type, call, call === sharedCall ? (channel) => neverDeaf(creator(channel)) : creator, cache);
  return client;
};
