import { connect, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { metrics } from '../../../platform/health/metrics';
import { ReadServer, startReadServer } from '../testing/read-server';
import { StreamLimits } from './stream-limits';

// A whole collection every quarter of a second takes long on a machine that has other things to do.
jest.setTimeout(180_000);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const events = 60_000;
const readers = 3;
const cutOffMetric = 'casefold_stream_cut_off_total';

let server: ReadServer;

beforeAll(async () => {
  server = await startReadServer();
  await server.open();
  const { positions } = server.installation.engine;
  while ((await positions.passed(BigInt(server.lastPosition()))).stale);
  await server.standStill();
  // Events of one case, straight into the log's mirror: quicker than as many commands.
  await server.installation.engine.pool.query(
    `with last as (select sequence, position from projection_progress order by name limit 1), added as (
       insert into event_log (sequence, position, stream, revision, id, type, data, metadata)
       select last.sequence + n, last.position + n, 'request-CSR-' || n / 10, n % 10, gen_random_uuid(), 'RequestNoted', '{}', '{"actor":"a"}'
       from generate_series(1, $1::integer) n, last)
     update projection_progress set position = position + $1, sequence = sequence + $1`,
    [events],
  );
});
afterAll(() => server.stop());

/** Asks for everything and reads nothing of the answer. */
const deafReader = async (): Promise<Socket> => {
  const { port } = new URL(server.address);
  const token = await server.token('agent');
  const socket = connect(Number(port), '127.0.0.1');
  socket.pause().on('error', () => undefined);
  socket.write(`GET /v1/stream?after=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`);
  return socket;
};

const cutOff = async (): Promise<number> => {
  const lines = (await metrics.getSingleMetricAsString(cutOffMetric)).split('\n');
  return Number(
    lines
      .find((line) => line.includes('stalled'))
      ?.split(' ')
      .at(-1) ?? 0,
  );
};

it('cuts off who takes nothing, after a bounded amount of memory', async () => {
  Object.assign(server.app.get(StreamLimits), { stalledMillisecondsMax: 500 });
  const used = (): number => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  };
  const before = used();
  const sockets = await Promise.all(Array.from({ length: readers }, deafReader));
  let peak = before;
  while ((await cutOff()) < readers) {
    peak = Math.max(peak, used());
    await wait(250);
  }
  const offeredBytes = readers * events * 200;
  expect(peak - before).toBeLessThan(offeredBytes / 2);
  // What the connections had taken in is all that there is; then they are closed.
  const taken = await Promise.all(
    sockets.map(async (socket) => {
      let bytes = 0;
      for await (const piece of socket as AsyncIterable<Buffer>) bytes += piece.length;
      return bytes;
    }),
  ).catch(() => []);
  for (const bytes of taken) expect(bytes).toBeLessThan(events * 200);
});
