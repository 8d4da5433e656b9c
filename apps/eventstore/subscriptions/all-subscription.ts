import { randomUUID } from 'node:crypto';
import type { Call } from '../grpc/call';
import { Status, StatusError } from '../grpc/status';
import { resolveLink } from '../log/links';
import type { FilterOptions, From } from '../protocol/read-request';
import { caughtUp, checkpoint, confirmation, EventFrames } from '../protocol/read-response';
import { unknown } from '../services/errors';
import { nextTurn, pageBytesMax, pageRecordsMax } from '../services/paging';
import type { Store } from '../services/store';
import { defaultWindow, type Filter } from './filter';

export interface AllSubscription {
  from: From;
  accept: Filter | undefined;
  search: FilterOptions | undefined;
  resolveLinks: boolean;
  structuredIds: boolean;
}

/**
 * Sends the records of $all after a position, in order, each once, for as long as the client stays. A cursor into the
 * log, like a stream subscription. With a filter, a checkpoint tells after every `interval` records looked at how far
 * the search has got, so that a client that matches little need not search again from far back.
 */
export const subscribeToAll = async (store: Store, call: Call, options: AllSubscription): Promise<void> => {
  const interval = checkpointInterval(options.search);
  const { log, reader, wakeups } = store;
  const { from } = options;
  const end = log.endPosition;
  const cursor = from.at === 'start' ? 0 : from.at === 'end' ? end - 1 : Number(from.value);
  call.write(confirmation(randomUUID()));
  if (cursor > 0 && cursor < end - 1 && !reader.isBoundary(cursor)) {
    throw new StatusError(Status.invalidArgument, 'Trying to read from an invalid position.');
  }
  const search = new Search(store, call, options, cursor, interval);
  if (!search.isAtEnd) {
    await search.run();
    search.checkpointIfNone();
  }
  call.write(caughtUp());
  while (!call.finished) {
    if (search.isAtEnd) await wakeups.nextCommit(call);
    const behind = call.isBlocked;
    await search.run();
    if (behind && search.sentManyAtOnce) call.write(caughtUp());
  }
};

const checkpointInterval = (search: FilterOptions | undefined): number => {
  if (!search) return Infinity;
  if (search.checkpointMultiplier === 0) throw unknown('the checkpoint interval multiplier must be positive');
  const { window } = search;
  return (typeof window === 'number' ? window : defaultWindow) * search.checkpointMultiplier;
};

class Search {
  private readonly frames: EventFrames;
  private considered = 0;
  private last = 0;
  /** The end of the log when the search last came to it; behind the last record the cursor alone cannot tell. */
  private seenEnd = 0;
  private checkpointed = false;
  private pages = 0;

  constructor(
    private readonly store: Store,
    private readonly call: Call,
    private readonly options: AllSubscription,
    private cursor: number,
    private readonly interval: number,
  ) {
    this.frames = new EventFrames(options.structuredIds);
  }

  get isAtEnd(): boolean {
    return Math.max(this.cursor + 1, this.seenEnd) >= this.store.log.endPosition;
  }

  get sentManyAtOnce(): boolean {
    return this.pages > 1;
  }

  checkpointIfNone(): void {
    if (this.interval !== Infinity && !this.checkpointed) this.call.write(checkpoint(this.last));
  }

  /** Sends everything behind the cursor. */
  async run(): Promise<void> {
    for (this.pages = 1; !this.call.finished && !this.isAtEnd; this.pages += 1) {
      const end = this.store.log.endPosition;
      const page = this.store.reader.forwards(this.cursor + 1, pageRecordsMax, pageBytesMax);
      for (const { position, record } of page.records) this.consider(position, record);
      // A page may hold more than the end tells of, since the disk is ahead of the announcement, but never less.
      this.cursor = Math.max(this.cursor, page.next - 1);
      if (page.atEnd) this.seenEnd = end;
      await this.call.writable();
      if (this.frames.length > 0) this.call.write(this.frames.take());
      if (!page.atEnd) await nextTurn();
    }
  }

  private consider(position: number, record: Buffer): void {
    const { accept, resolveLinks } = this.options;
    if (this.interval === 0) throw unknown('the search window must be positive');
    this.last = position;
    if (!accept || accept(record)) {
      this.frames.add(record, resolveLinks ? resolveLink(this.store.log, this.store.reader, record) : undefined);
    }
    this.considered += 1;
    if (this.considered < this.interval) return;
    this.considered = 0;
    this.checkpointed = true;
    this.frames.addMessage(checkpoint(position));
  }
}
