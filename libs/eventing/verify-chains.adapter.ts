import { StoredEvent } from './event';
import { ChainBreak, chainBreak, ChainHead } from './hash-chain';

export interface Verified {
  readonly events: number;
  readonly streams: number;
  /** The first event, in the log's order, that does not fit what came before it in its stream. */
  readonly broken: ChainBreak | undefined;
}

const unreadable = (event: StoredEvent): ChainBreak => ({
  ...{ stream: event.stream, revision: event.revision, reason: 'hash' },
  ...{ expected: 'an event in the form of this log', found: 'something else' },
});

const breakOf = (installation: string, head: ChainHead | undefined, event: StoredEvent): ChainBreak | undefined => {
  try {
    return chainBreak(head, { ...event, installation });
  } catch {
    // What cannot be brought into canonical form was never written by us.
    return unreadable(event);
  }
};

/** Follows the chains of all streams at once; keeps one hash a stream. */
export const verifyChains = async (
  installation: string,
  events: AsyncIterable<StoredEvent> | Iterable<StoredEvent>,
  onProgress: (events: number) => void = () => undefined,
): Promise<Verified> => {
  const heads = new Map<string, ChainHead>();
  let count = 0;
  for await (const event of events) {
    const broken = breakOf(installation, heads.get(event.stream), event);
    if (broken) return { events: count, streams: heads.size, broken };
    heads.set(event.stream, { revision: event.revision, hash: event.metadata.hash });
    onProgress(++count);
  }
  return { events: count, streams: heads.size, broken: undefined };
};
