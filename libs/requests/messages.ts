import { Rejection } from '../eventing/rejection';
import { Exchange } from './event-values';
import { ExistingRequest, HistoryEntry, Request } from './request';

/** Whether an event holds a message that files can come with. */
export const isMessage = (entry: HistoryEntry | undefined): boolean =>
  entry?.type === 'RequestOpened' || entry?.type === 'RequestResponded' || entry?.type === 'RequestNoted';

/** A closed case takes no more words: it is reopened first. @throws Rejection REQUEST_NOT_OPEN */
export const assertTakesWords = (state: Request): ExistingRequest => {
  if (state.status === 'open' || state.status === 'held' || state.status === 'resolved') return state;
  throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
};

/**
 * What a message carries are files of its case that may be given out; a customer's carries only the customer's own, for what a
 * message to or from them carries they may read.
 * @throws Rejection UNKNOWN_ATTACHMENT with a pointer to each
 */
export const assertCarried = (
  exchange: Exchange | undefined,
  { history }: ExistingRequest,
  by: 'staff' | 'customer',
): void => {
  const code = 'UNKNOWN_ATTACHMENT';
  const wrong = (exchange?.attachments ?? []).flatMap((revision, index) => {
    const file = history[revision]?.file;
    const isFine = file && !file.isRefused && (by === 'staff' || file.isCustomers);
    return isFine ? [] : [{ pointer: `/attachments/${index}`, code, detail: 'is no file of this request' }];
  });
  if (wrong.length) throw new Rejection(code, 'a message carries files of its own request', wrong);
};
