import type { Call } from '../grpc/call';
import { resolveLink } from '../log/links';
import { isSoftDeleted } from '../log/streams';
import { firstVisible } from '../log/visible-range';
import type { From } from '../protocol/read-request';
import { EventFrames, firstStreamPosition, lastStreamPosition, streamNotFound } from '../protocol/read-response';
import { streamDeleted, unknown } from './errors';
import { pageBytesMax, pageRecordsMax, sendPages } from './paging';
import type { Store } from './store';

export interface StreamRead {
  stream: string;
  from: From;
  backwards: boolean;
  count: bigint;
  resolveLinks: boolean;
  structuredIds: boolean;
  /** Whether to say where the stream begins, when that is not where it was asked for, and where it ends. */
  tellsPositions: boolean;
}

/** Sends the events a stream shows from a revision on, that revision included, in either direction. */
export const readStream = async (store: Store, call: Call, options: StreamRead): Promise<void> => {
  const { log, reader } = store;
  const { stream: name, from, backwards } = options;
  if (name === '') throw unknown('the stream name must not be empty');
  if (options.count <= 0n) throw unknown('the count must be positive');
  if (!backwards && from.at === 'end') throw unknown('a stream cannot be read forwards from its end');
  const stream = log.streams.get(name);
  if (log.streams.isGone(stream)) throw streamDeleted(name);
  if (stream.head < 0 || isSoftDeleted(stream)) return call.end(streamNotFound(name));

  const first = firstVisible(reader, stream, Date.now());
  const asked = from.at === 'value' ? Number(from.value) : from.at === 'start' ? 0 : stream.head;
  let remaining = Number(options.count);
  let next = backwards ? Math.min(asked, stream.head) : Math.max(asked, first);
  const isLeft = (): boolean => remaining > 0 && next >= first && next <= stream.head;
  const frames = new EventFrames(options.structuredIds);
  if (options.tellsPositions && !backwards) {
    for (const position of movedStarts(asked, first, stream.head, Math.min(remaining, serverPageMax))) {
      frames.addMessage(firstStreamPosition(position));
    }
  }
  await sendPages(call, () => {
    if (isLeft()) {
      const size = Math.min(remaining, pageRecordsMax) - 1;
      const to = backwards ? Math.max(next - size, first) : Math.min(next + size, stream.head);
      const page = reader.ofStream(stream, next, to, pageBytesMax, backwards);
      for (const record of page.records) {
        frames.add(record, options.resolveLinks ? resolveLink(log, reader, record) : undefined);
      }
      remaining -= page.records.length;
      next = backwards ? page.last - 1 : page.last + 1;
    }
    const isLast = !isLeft();
    if (isLast && options.tellsPositions) frames.addMessage(lastStreamPosition(stream.head));
    return { frames: frames.take(), isLast };
  });
};

/** The real server reads so many events at a time, and says where it goes on when the first of them are all hidden. */
const serverPageMax = 32;

/** Where a read goes on that finds nothing where it was asked to begin. */
function* movedStarts(asked: number, first: number, head: number, page: number): Generator<number> {
  const isAllHidden = asked + page <= first;
  if (isAllHidden) yield first;
  const next = isAllHidden ? first : asked;
  if (Math.max(next, first) > head && next !== head + 1) yield head + 1;
}
