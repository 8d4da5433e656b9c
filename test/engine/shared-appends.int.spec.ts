import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { startTestServer, TestServer } from '../../apps/eventstore/test/running-server';
import { EnvelopedEvent } from '../../libs/eventing/envelope';
import { EventStore } from '../../libs/eventing/event-store.adapter';
import { clientOf, disposeOf } from '../../libs/platform/embedded/store-parts';

const writers = 8;
const others = 60;
const betweenMilliseconds = 30;

const happened = (): EnvelopedEvent => {
  const id = randomUUID();
  return { id, type: 'Happened', data: {}, metadata: { commandId: id } } as unknown as EnvelopedEvent;
};

let test: TestServer;
let client: EventStoreDBClient;
beforeEach(async () => {
  test = await startTestServer();
  client = clientOf({ url: test.server.endpoint });
});
afterEach(async () => {
  await disposeOf(client);
  await test.stop();
});

it('answers every append while other clients of the process come and go, whose breaking strikes those on their way', async () => {
  const store = new EventStore(client);
  let [going, struck] = [true, 0];
  const { appendToStream } = client;
  client.appendToStream = async (...append: Parameters<typeof appendToStream>) => {
    try {
      return await appendToStream.apply(client, append);
    } catch (error) {
      struck++;
      throw error;
    }
  };
  const write = async (name: string): Promise<number> => {
    let revision = -1;
    while (going) ({ revision } = await store.append(name, revision, [happened()]));
    return revision;
  };
  const writing = Promise.all(Array.from({ length: writers }, (_, index) => write(`one-${index}`)));
  for (let index = 0; index < others; index++) {
    const other = clientOf({ url: test.server.endpoint });
    await new EventStore(other).append(`other-${index}`, -1, [happened()]);
    // It waits for more than there is to wait for.
    void other.dispose();
    await wait(betweenMilliseconds);
  }
  going = false;
  for (const [index, revision] of (await writing).entries())
    expect((await store.read(`one-${index}`)).length).toBe(revision + 1);
  // So that there was something to survive.
  expect(struck).toBeGreaterThan(0);
}, 60_000);
