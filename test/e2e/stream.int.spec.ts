import { EventStream, Message, openEventStream } from '../../libs/requests/read-models/testing/event-stream';
import { Client, serve, Served } from './served';

/** Somebody who follows their cases live while the server comes and goes. */
jest.setTimeout(60_000);

let server: Served;
let agent: Client;

beforeAll(async () => {
  server = await serve();
  agent = await server.as('agent', 'alice');
});
afterAll(() => server.stop());

const opening = { subject: 'x', description: 'y', type: 'incident', impact: 'high', urgency: 'low' };
const follow = (lastEventId: string, number: string): Promise<EventStream> =>
  openEventStream(`${server.url}/v1/stream?number=${number}`, {
    authorization: `Bearer ${agent.token}`,
    'last-event-id': lastEventId,
  });

it('ends when the server stops, and goes on where it was when the server is back: no gap, nothing twice', async () => {
  const { number, position } = (await agent.post('/v1/requests', { ...opening, customer: { name: 'Ada' } })).body;
  const got: Message[] = [];
  let lastEventId = position;
  for (let life = 1; life <= 3; life++) {
    const stream = await follow(lastEventId, number);
    await agent.post(`/v1/requests/${number}/note`, { text: `seen in life ${life}` });
    await stream.count(1);
    await agent.post(`/v1/requests/${number}/note`, { text: `perhaps missed in life ${life}` });
    const restarted = server.restart();
    // Until the connection ends; the last id is what the server was sure to have told.
    got.push(...(await stream.until(() => false)));
    ({ lastId: lastEventId } = stream);
    await restarted;
  }
  got.push(...(await (await follow(lastEventId, number)).until((messages) => got.length + messages.length >= 6)));
  expect(got.map(({ data }) => data['revision'])).toEqual(['1', '2', '3', '4', '5', '6']);
});

it('keeps nobody waiting who stops the server', async () => {
  const streams = await Promise.all(
    [0, 1, 2].map(() => openEventStream(`${server.url}/v1/stream`, { authorization: `Bearer ${agent.token}` })),
  );
  const begun = performance.now();
  await server.restart();
  // The limit for stopping alone is ten seconds; one that waited for a heartbeat would take fifteen.
  expect(performance.now() - begun).toBeLessThan(14_000);
  for (const stream of streams) stream.close();
});
