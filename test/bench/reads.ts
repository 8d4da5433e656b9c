import { Connection, expectStatus } from './connection';
import { closedLoop, openLoop } from './load';
import { Population } from './population';
import { Timings } from './statistics';

/**
 * The reads that agents make all day and what auditors ask about the past, by a few at once. How long one takes is measured at a rate
 * that leaves them time to look at what they read, how many there can be as fast as they can.
 */
export const readers = 4;
const pacedPerSecond = 8;
const pacedSeconds = 12;

/** What there is to be read. */
interface Subject {
  readonly number: string;
  readonly customer: string;
  /** Of the whole log. */
  readonly events: number;
}

const wordsOfOne = (number: string): string => encodeURIComponent(`printer ${number.split('-').slice(1, 3).join(' ')}`);

const paths = {
  queue: () => '/v1/queue?limit=50',
  request: ({ number }: Subject) => `/v1/requests/${number}`,
  history: ({ number }: Subject) => `/v1/requests/${number}/history`,
  customer: ({ customer }: Subject) => `/v1/customers/${customer}`,
  // Of a case's own number two parts stand in its subject, and one word stands in all subjects.
  searchRare: ({ number }: Subject) => `/v1/requests?search=${wordsOfOne(number)}&limit=50`,
  searchFrequent: () => '/v1/requests?search=printer%20stops&limit=50',
  searchFilter: () => '/v1/requests?status=open,held&category=hardware&sort=newest&counts=true&limit=50',
  similar: ({ number }: Subject) => `/v1/requests/${number}/similar`,
  // A case as of the end of the log is all of its replay; the queue as of the middle is another one than today's.
  pastRequest: ({ number, events }: Subject) => `/v1/requests/${number}?asOf=${events}`,
  pastQueue: ({ events }: Subject) => `/v1/queue?limit=50&asOf=${Math.ceil(events / 2)}`,
} as const;

export type Read = keyof typeof paths;

export const measureRead = async (
  connections: readonly Connection[],
  read: Read,
  { numbers, customers, events }: Pick<Population, 'numbers' | 'customers' | 'events'>,
  seconds: number,
): Promise<Timings> => {
  let next = 0;
  const callers = connections.map((connection) => async () => {
    const index = next++;
    const number = numbers[index % numbers.length] ?? '';
    const customer = customers[index % customers.length] ?? '';
    const path = paths[read]({ number, customer, events });
    expectStatus(await connection.call({ method: 'GET', path }), 200);
  });
  const { perSecond } = await closedLoop(callers, { warmUpSeconds: 1, seconds });
  const { p50, p99 } = await openLoop(callers, { perSecond: pacedPerSecond, warmUpSeconds: 0, seconds: pacedSeconds });
  return { perSecond, p50, p99 };
};
