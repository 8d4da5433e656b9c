import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Reopening } from '../../reopening';
import { Request } from '../../request';

export interface ReopenRequest {
  readonly reason: string;
  /** What binds customers, and when they ask, in epoch milliseconds; undefined for the staff. */
  readonly within?: { readonly reopening: Reopening; readonly at: number } | undefined;
}

/** Takes up a resolved or closed case again. A cancelled one was never to be worked on: open a new one. */
export const reopen = ({ reason, within }: ReopenRequest, state: Request): RequestEvent[] => {
  if (state.status === 'open' || state.status === 'held') return [];
  if (state.status !== 'resolved' && state.status !== 'closed')
    throw new Rejection('REQUEST_NOT_RESOLVED', `request ${state.number} is ${state.status}`);
  if (within && !within.reopening.allows(state, within.at))
    throw new Rejection('REOPENING_TOO_LATE', `request ${state.number} has ended for good: follow it up`);
  return [{ type: 'RequestReopened', data: { reason } }];
};
