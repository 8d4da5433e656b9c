import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

/** Takes up a resolved or closed case again. A cancelled one was never to be worked on: open a new one. */
export const reopen = ({ reason }: { readonly reason: string }, state: Request): RequestEvent[] => {
  if (state.status === 'open' || state.status === 'held') return [];
  if (state.status !== 'resolved' && state.status !== 'closed')
    throw new Rejection('REQUEST_NOT_RESOLVED', `request ${state.number} is ${state.status}`);
  return [{ type: 'RequestReopened', data: { reason } }];
};
