import { Rejection } from '../eventing/rejection';
import { Exchange } from './events';
import { ExistingRequest, HistoryEntry } from './request';

/** Whether an event holds a message that files can come with. */
export const isMessage = (entry: HistoryEntry | undefined): boolean =>
  entry?.type === 'RequestOpened' || entry?.type === 'RequestResponded' || entry?.type === 'RequestNoted';

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
