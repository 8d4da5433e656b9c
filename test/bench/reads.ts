import { Connection, expectStatus } from './connection';
import { closedLoop } from './load';
import { Timings } from './statistics';

/** The three reads that agents make all day, by a few of them at once who read as fast as they can. */
export const readers = 4;

const paths = {
  queue: () => '/v1/queue?limit=50',
  request: (number: string) => `/v1/requests/${number}`,
  history: (number: string) => `/v1/requests/${number}/history`,
} as const;

export type Read = keyof typeof paths;

export const measureRead = async (
  connections: readonly Connection[],
  read: Read,
  numbers: readonly string[],
  seconds: number,
): Promise<Timings> => {
  let next = 0;
  const callers = connections.map((connection) => async () => {
    const number = numbers[next++ % numbers.length] ?? '';
    expectStatus(await connection.call({ method: 'GET', path: paths[read](number) }), 200);
  });
  return closedLoop(callers, { warmUpSeconds: 1, seconds });
};
