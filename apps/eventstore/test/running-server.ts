import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, type EventData } from '@eventstore/db-client';
import { startEventStore, type RunningServer } from '../event-store-server';

/** A server in this process on a directory of its own, and the official client connected to it. */
export interface TestServer {
  directory: string;
  client: EventStoreDBClient;
  server: RunningServer;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const startTestServer = async (): Promise<TestServer> => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstore-'));
  const start = (): Promise<RunningServer> => startEventStore({ directory, listen: { host: '127.0.0.1', port: 0 } });
  const server = await start();
  const test: TestServer = {
    directory,
    server,
    client: EventStoreDBClient.connectionString(server.endpoint),
    restart: async () => {
      await test.client.dispose();
      await test.server.close();
      test.server = await start();
      test.client = EventStoreDBClient.connectionString(test.server.endpoint);
    },
    stop: async () => {
      await test.client.dispose();
      await test.server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return test;
};

export const happened = (n = 0, type = 'Happened', id?: string): EventData =>
  jsonEvent({ ...(id ? { id } : {}), type, data: { n } });

/** Everything a read gives, or the type of the error it ended in. */
export const outcome = async <T>(read: AsyncIterable<T>): Promise<T[] | string> => {
  const items: T[] = [];
  try {
    for await (const item of read) items.push(item);
    return items;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : String(error);
  }
};
