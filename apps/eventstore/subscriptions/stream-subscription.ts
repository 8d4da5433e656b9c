import { randomUUID } from 'node:crypto';
import type { Call } from '../grpc/call';
import { resolveLink } from '../log/links';
import type { LogReader } from '../log/log-reader';
import { isSoftDeleted, isTombstoned, type Stream } from '../log/streams';
import { firstVisible } from '../log/visible-range';
import type { From } from '../protocol/read-request';
import { caughtUp, confirmation, EventFrames } from '../protocol/read-response';
import { streamDeleted, unknown } from '../services/errors';
import { nextTurn, pageBytesMax, pageRecordsMax } from '../services/paging';
import type { Store } from '../services/store';

export interface StreamSubscription {
  stream: string;
  from: From;
  resolveLinks: boolean;
  structuredIds: boolean;
}

/** This far behind, a subscriber that the client kept waiting is told again once it has caught up. */
export const liveEventsMax = 32;

/**
 * Sends a stream's events after a revision, for as long as the client stays: history first, then each new one once it is
 * on disk. The subscription is a cursor into the log and holds one page at most, however slow the client is.
 * History shows what a read would show; what arrives later is sent even when metadata would hide it.
 */
export const subscribeToStream = async (store: Store, call: Call, options: StreamSubscription): Promise<void> => {
  const { log, wakeups } = store;
  const name = options.stream;
  if (name === '') throw unknown('the stream name must not be empty');
  const stream = (): Stream => log.streams.get(name);
  if (log.streams.isGone(stream())) throw streamDeleted(name);
  let cursor = startOf(options.from, stream());
  call.write(confirmation(randomUUID()));
  cursor = await sendUpTo(store, call, options, cursor, 'visible');
  call.write(caughtUp());

  while (!call.finished) {
    const now = stream();
    if (isTombstoned(now)) return endWithTombstone(store, call, options, now);
    if (now.head <= cursor) {
      await wakeups.nextCommitOf(name, call);
      continue;
    }
    const behind = now.head - cursor > liveEventsMax && call.isBlocked;
    cursor = await sendUpTo(store, call, options, cursor, behind ? 'visible' : 'everything');
    if (behind) call.write(caughtUp());
  }
};

const startOf = (from: From, stream: Stream): number => {
  if (from.at === 'start') return -1;
  return from.at === 'end' ? stream.head : Number(from.value);
};

/** Sends what lies behind the cursor until there is no more, and returns the new cursor. */
const sendUpTo = async (
  store: Store,
  call: Call,
  options: StreamSubscription,
  from: number,
  what: 'visible' | 'everything',
): Promise<number> => {
  const { log, reader } = store;
  const frames = new EventFrames(options.structuredIds);
  let cursor = from;
  for (;;) {
    const stream = log.streams.get(options.stream);
    const first = Math.max(cursor + 1, what === 'visible' ? firstShown(reader, stream) : 0);
    if (call.finished || first > stream.head) return Math.max(cursor, stream.head);
    const page = reader.ofStream(stream, first, Math.min(first + pageRecordsMax - 1, stream.head), pageBytesMax);
    for (const record of page.records) {
      frames.add(record, options.resolveLinks ? resolveLink(log, reader, record) : undefined);
    }
    cursor = page.last;
    await call.writable();
    call.write(frames.take());
    if (cursor < stream.head) await nextTurn();
  }
};

const firstShown = (reader: LogReader, stream: Stream): number =>
  isSoftDeleted(stream) ? stream.head + 1 : firstVisible(reader, stream, Date.now());

const endWithTombstone = async (
  store: Store,
  call: Call,
  options: StreamSubscription,
  stream: Stream,
): Promise<void> => {
  const record = store.reader.at(stream.tombstone);
  const frames = new EventFrames(options.structuredIds);
  if (record) frames.add(record, undefined);
  call.write(frames.take());
  call.fail(streamDeleted(stream.name));
};
