import { Connection, expectStatus } from './connection';
import { closedLoop } from './load';
import { Timings } from './statistics';

/** The reads that agents make all day and what auditors ask about the past, by a few at once who read as fast as they can. */
export const readers = 4;

const paths = {
  queue: () => '/v1/queue?limit=50',
  request: (number: string) => `/v1/requests/${number}`,
  history: (number: string) => `/v1/requests/${number}/history`,
  // A case as of the end of the log is all of its replay; the queue as of the middle is another one than today's.
  pastRequest: (number: string, events: number) => `/v1/requests/${number}?asOf=${events}`,
  pastQueue: (_: string, events: number) => `/v1/queue?limit=50&asOf=${Math.ceil(events / 2)}`,
} as const;

export type Read = keyof typeof paths;

export const measureRead = async (
  connections: readonly Connection[],
  read: Read,
  { numbers, events }: { readonly numbers: readonly string[]; readonly events: number },
  seconds: number,
): Promise<Timings> => {
  let next = 0;
  const callers = connections.map((connection) => async () => {
    const number = numbers[next++ % numbers.length] ?? '';
    expectStatus(await connection.call({ method: 'GET', path: paths[read](number, events) }), 200);
  });
  return closedLoop(callers, { warmUpSeconds: 1, seconds });
};
