import type { Call } from '../grpc/call';
import { resolveLink } from '../log/links';
import type { From } from '../protocol/read-request';
import { EventFrames } from '../protocol/read-response';
import type { Filter } from '../subscriptions/filter';
import { unknown } from './errors';
import { pageBytesMax, pageRecordsMax, sendPages } from './paging';
import type { Store } from './store';

export interface AllRead {
  from: From;
  backwards: boolean;
  count: bigint;
  accept: Filter | undefined;
  resolveLinks: boolean;
  structuredIds: boolean;
}

/** Sends records of $all: forwards from a position on, that record included; backwards from before it. */
export const readAll = async (store: Store, call: Call, options: AllRead): Promise<void> => {
  const { log, reader } = store;
  const { backwards, accept } = options;
  let next = startOf(store, options);
  // Records that come while the read runs are not part of it.
  const end = log.endPosition;
  let remaining = Number(options.count);
  const frames = new EventFrames(options.structuredIds);
  await sendPages(call, () => {
    const size = accept ? pageRecordsMax : Math.min(remaining, pageRecordsMax);
    if (size <= 0) return { frames: frames.take(), isLast: true };
    const page = backwards ? reader.backwards(next, size, pageBytesMax) : reader.forwards(next, size, pageBytesMax);
    next = page.next;
    for (const { position, record } of page.records) {
      if (remaining === 0 || (!backwards && position >= end)) break;
      if (accept && !accept(record)) continue;
      frames.add(record, options.resolveLinks ? resolveLink(log, reader, record) : undefined);
      remaining -= 1;
    }
    return { frames: frames.take(), isLast: page.atEnd || remaining === 0 || (!backwards && next >= end) };
  });
};

const startOf = ({ log, reader }: Store, { from, backwards }: AllRead): number => {
  if (from.at === 'start') return 0;
  if (from.at === 'end') return log.endPosition;
  const position = Number(from.value);
  if (position === 0) return 0;
  const pastEnd = position > log.endPosition;
  if (pastEnd ? backwards : !reader.isBoundary(position)) throw unknown('no record begins at this position');
  return position;
};
