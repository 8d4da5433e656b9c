import { randomUUID } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { GrpcServer } from './grpc/grpc-server';
import { lockDirectory } from './log/directory-lock';
import { EventLog } from './log/event-log';
import { LogReader } from './log/log-reader';
import { methods, refusal } from './services/methods';
import { Wakeups } from './subscriptions/wakeups';

export interface ServerOptions {
  directory: string;
  listen: { host: string; port: number } | { socket: string };
}

export interface RunningServer {
  /** A connection string, or for a socket the endpoint that the client takes. */
  endpoint: string;
  close(): Promise<void>;
}

/** Opens the directory, listens, and hands back how to reach the server and how to stop it. */
export const startEventStore = async ({ directory, listen }: ServerOptions): Promise<RunningServer> => {
  const unlock = lockDirectory(directory);
  try {
    const log = await EventLog.open(directory);
    const store = { log, reader: new LogReader(log), wakeups: new Wakeups(log) };
    const server = new GrpcServer(methods(store, randomUUID()), refusal);
    await listenOn(server, listen);
    const close = async (): Promise<void> => {
      await server.close(() => log.drain());
      await log.close();
      unlock();
    };
    return { endpoint: endpointOf(server, listen), close };
  } catch (error) {
    unlock();
    throw error;
  }
};

const listenOn = async (server: GrpcServer, listen: ServerOptions['listen']): Promise<void> => {
  if (!('socket' in listen)) return server.listen({ host: listen.host, port: listen.port });
  // The directory is locked, so a socket that is already there was left behind by a server that is gone.
  rmSync(listen.socket, { force: true });
  const before = process.umask(0o177);
  try {
    await server.listen({ path: listen.socket });
  } finally {
    process.umask(before);
  }
  chmodSync(listen.socket, 0o600);
};

const endpointOf = (server: GrpcServer, listen: ServerOptions['listen']): string => {
  if ('socket' in listen) return `unix:${listen.socket}`;
  const { port } = server.address() as AddressInfo;
  return `esdb://${listen.host}:${port}?tls=false`;
};
