import { Evolution } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { Rejection } from '../eventing/rejection';
import { bulkCategory, BulkEvent, BulkEventOf, BulkItem } from './events';

type Started = BulkEventOf<'BulkStarted'>['data'];

/** A job as its events make it. Its items are gone through in their order: how many are behind it is all that is to be known. */
export type Bulk =
  | { readonly status: 'none' }
  | (Started & {
      readonly status: 'running' | 'completed' | 'cancelled';
      readonly done: number;
      /** Id of the event that began it, and what that belongs to: what its orders follow from. */
      readonly causationId: string;
      readonly correlationId: string;
    });

export const evolveBulk = (state: Bulk, { type, data, id, metadata }: Recorded<BulkEvent>): Bulk => {
  if (type === 'BulkStarted') {
    const cause = { causationId: id, correlationId: metadata.$correlationId };
    return { ...data, ...cause, status: 'running', done: 0 };
  }
  if (state.status === 'none') return state;
  switch (type) {
    case 'BulkItemsDone':
      return { ...state, done: data.upTo };
    case 'BulkCompleted':
      return { ...state, status: 'completed' };
    case 'BulkCancelled':
      return { ...state, status: 'cancelled' };
  }
};

/** @param owner whose key seals the order's words, where the job is not there yet */
export const bulkEvolution: Evolution<Bulk, BulkEvent> = {
  category: bulkCategory,
  initialState: { status: 'none' },
  evolve: evolveBulk,
  ownerOf: (state, event) => {
    if (state.status !== 'none') return state.by;
    return event?.type === 'BulkStarted' ? event.data.by : undefined;
  },
};

export const itemsMax = 1_000;

export const startBulk = (command: Started, state: Bulk): BulkEvent[] => {
  if (state.status !== 'none') return [];
  const { length } = command.numbers;
  if (!length) throw wrong('SELECTION_EMPTY', 'it chooses no request');
  if (length > itemsMax) throw wrong('SELECTION_TOO_LARGE', `it chooses more than ${itemsMax} requests`);
  return [{ type: 'BulkStarted', data: command }];
};

const wrong = (code: string, detail: string): Rejection =>
  new Rejection(code, detail, [{ pointer: '/numbers', code, detail }]);

/** Records what became of the next items. A job that was cancelled meanwhile still says what had been done by then. */
export const recordItems = (
  { items, from }: { readonly items: readonly BulkItem[]; readonly from: number },
  state: Bulk,
): BulkEvent[] => {
  if (state.status === 'none' || state.status === 'completed' || state.done !== from) return [];
  const upTo = from + items.length;
  const done: BulkEvent = { type: 'BulkItemsDone', data: { items, upTo } };
  return upTo < state.numbers.length || state.status === 'cancelled'
    ? [done]
    : [done, { type: 'BulkCompleted', data: {} }];
};

export const cancelBulk = ({ by }: { readonly by: string }, state: Bulk): BulkEvent[] => {
  if (state.status === 'none') throw new Rejection('BULK_OVER', 'there is no such job');
  if (state.status === 'completed') throw new Rejection('BULK_OVER', 'the job is completed');
  return state.status === 'cancelled' ? [] : [{ type: 'BulkCancelled', data: { by } }];
};
