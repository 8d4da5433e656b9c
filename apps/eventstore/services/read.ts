import type { Call } from '../grpc/call';
import { Status, StatusError } from '../grpc/status';
import { Reader } from '../protobuf/reader';
import { readReadRequest, type ReadOptions } from '../protocol/read-request';
import { compileFilter } from '../subscriptions/filter';
import { subscribeToAll } from '../subscriptions/all-subscription';
import { subscribeToStream } from '../subscriptions/stream-subscription';
import { invalidArgument, unknown } from './errors';
import { readAll } from './read-all';
import { readStream } from './read-stream';
import type { Store } from './store';

const requestBytesMax = 1024 * 1024;

/** The Read call: counted reads and catch-up subscriptions, of one stream or of $all. */
export const read =
  (store: Store) =>
  (call: Call): void => {
    let started = false;
    call.receive(
      requestBytesMax,
      (message) => {
        if (started) return;
        started = true;
        const options = readReadRequest(new Reader(message));
        if (!options) throw unknown('the options are missing');
        run(store, call, options).catch((error: unknown) => call.fail(error));
      },
      () => {
        if (!started) throw new StatusError(Status.internal, 'the request is missing');
      },
    );
  };

const invalidCombination = (): StatusError => invalidArgument('The combination of options is invalid.');

const run = async (store: Store, call: Call, options: ReadOptions): Promise<void> => {
  const { source, amount, filter, backwards, resolveLinks } = options;
  const structuredIds = options.structuredIds ?? false;
  if (!source || !amount || filter === undefined || options.structuredIds === undefined) throw invalidCombination();
  if (amount.kind === 'subscription' && backwards) throw invalidCombination();
  if (filter !== 'none' && filter.window === undefined) throw invalidArgument('the search window is missing');
  if (source.kind === 'stream') {
    if (filter !== 'none') throw invalidCombination();
    const { stream, from } = source;
    if (amount.kind === 'subscription')
      await subscribeToStream(store, call, { stream, from, resolveLinks, structuredIds });
    else {
      const asked = { stream, from, backwards, count: amount.count, resolveLinks, structuredIds };
      await readStream(store, call, { ...asked, tellsPositions: options.compatibility > 0 });
    }
    return;
  }
  const accept = filter === 'none' ? undefined : compileFilter(filter);
  if (amount.kind === 'subscription') {
    const search = filter === 'none' ? undefined : filter;
    await subscribeToAll(store, call, { from: source.from, accept, search, resolveLinks, structuredIds });
  } else
    await readAll(store, call, {
      from: source.from,
      backwards,
      count: amount.count,
      accept,
      resolveLinks,
      structuredIds,
    });
};
