import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { join } from 'node:path';
import { launcher, startProgram } from './child';
import { Caller, closedLoop } from './load';
import { Started } from './started';
import { Timings } from './statistics';

/** The baseline of commands: the official client and nothing else, appending to an event store like the server's own. */
const eventsPerStream = 8;
// With the rest of the data this gives an event of 512 bytes.
const textBytes = 495;

const appender = (client: EventStoreDBClient, name: string): Caller => {
  let appended = 0;
  const text = 'x'.repeat(textBytes);
  return async () => {
    const revision = appended % eventsPerStream;
    const stream = `bare-${name}-${Math.floor(appended / eventsPerStream)}`;
    const event = jsonEvent({ type: 'BareHappened', data: { text, n: revision } });
    await client.appendToStream(stream, event, { expectedRevision: revision ? BigInt(revision - 1) : NO_STREAM });
    appended++;
  };
};

export const measureAppends = async (started: Started, callers: number, seconds: number): Promise<Timings> => {
  const folder = started.folder();
  const socket = join(folder, 'socket');
  const args = [launcher, 'eventstore', '--data', join(folder, 'data'), '--socket', socket, '--parent-pipe'];
  const store = await startProgram(started, args, /eventstore (ready) on/);
  const client = new EventStoreDBClient({ endpoint: `unix:${socket}` }, { insecure: true });
  try {
    const appenders = Array.from({ length: callers }, (_, index) => appender(client, `${callers}x${index}`));
    return await closedLoop(appenders, { warmUpSeconds: 1, seconds });
  } finally {
    await client.dispose();
    await store.end();
  }
};
