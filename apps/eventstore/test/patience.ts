import { streamNameFilter, type EventStoreDBClient, type Position, type START } from '@eventstore/db-client';

/** How long tests wait for what must come. */
export const answerMsMax = 30_000;

/** Gives the events of some streams from a position on, until it is told that they are enough, or has waited for too long. */
export const subscribed = async (
  client: EventStoreDBClient,
  prefix: string,
  fromPosition: Position | typeof START,
  msMax: number,
  take: (event: { id: string; position?: Position }) => boolean,
): Promise<void> => {
  const subscription = client.subscribeToAll({ fromPosition, filter: streamNameFilter({ prefixes: [prefix] }) });
  const giveUp = (): void => void subscription.unsubscribe().catch(() => undefined);
  const timer = Number.isFinite(msMax) ? setTimeout(giveUp, msMax) : undefined;
  try {
    for await (const { event } of subscription) if (!take(event!)) break;
  } finally {
    clearTimeout(timer);
  }
  // Leaving the loop alone keeps the call, and a connection carries a hundred.
  await subscription.unsubscribe();
};

/** @throws Error when an answer does not come */
export const within = async <T>(work: Promise<T>, what: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} had no answer`)), answerMsMax);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};
