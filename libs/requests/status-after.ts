import { RequestEventType } from './events';
import { Status } from './vocabulary';

const statuses: Partial<Record<RequestEventType, Status>> = {
  RequestHeld: 'held',
  RequestResumed: 'open',
  RequestReopened: 'open',
  RequestResolved: 'resolved',
  RequestClosed: 'closed',
  RequestCancelled: 'cancelled',
};

/** The status that an event puts a case into; `undefined` when it leaves it as it was. */
export const statusAfter = ({ type }: { readonly type: RequestEventType }): Status | undefined => statuses[type];
