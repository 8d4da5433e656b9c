import { randomUUID } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { GrpcServer } from './grpc/grpc-server';
import { lockDirectory } from './log/directory-lock';
import { EventLog } from './log/event-log';
import { LogReader } from './log/log-reader';
import { startHttp } from './observability/http-server';
import { statsOf } from './observability/stats';
import { Groups } from './persistent/groups';
import { persistentMethods } from './persistent/methods';
import { methods, refusal } from './services/methods';
import { Wakeups } from './subscriptions/wakeups';

export interface ServerOptions {
  directory: string;
  listen: { host: string; port: number } | { socket: string };
  /** Port for health, statistics and metrics on the loopback address; none without it. */
  httpPort?: number;
  /** The most the file of events may ever hold; what the disk has without it. */
  bytesMax?: number;
}

export interface RunningServer {
  /** A connection string, or for a socket the endpoint that the client takes. */
  endpoint: string;
  httpPort: number | undefined;
  close(): Promise<void>;
}

/** Opens the directory, listens, and hands back how to reach the server and how to stop it. */
export const startEventStore = async (options: ServerOptions): Promise<RunningServer> => {
  const { directory, listen, httpPort } = options;
  const unlock = lockDirectory(directory);
  try {
    const log = await EventLog.open(directory, options.bytesMax);
    const store = { log, reader: new LogReader(log), wakeups: new Wakeups(log) };
    const server = new GrpcServer(refusal);
    const stats = statsOf(log, server);
    server.offer(methods(store, stats, randomUUID()));
    const groups = new Groups(store);
    server.offer(persistentMethods(groups));
    await listenOn(server, listen);
    const http = httpPort === undefined ? undefined : await startHttp(httpPort, '127.0.0.1', stats);
    const close = async (): Promise<void> => {
      http?.close();
      http?.closeAllConnections();
      groups.stop();
      await server.close(() => log.drain());
      await log.close();
      unlock();
    };
    return { endpoint: endpointOf(server, listen), httpPort: http && portOf(http.address()), close };
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
  return `esdb://${listen.host}:${portOf(server.address())}?tls=false`;
};

const portOf = (address: AddressInfo | string | null): number =>
  address && typeof address === 'object' ? address.port : 0;
