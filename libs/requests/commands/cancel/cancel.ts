import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

/** Ends a case that needs no work: opened by mistake, withdrawn, or a double. */
export const cancel = ({ reason }: { readonly reason: string }, state: Request): RequestEvent[] => {
  if (state.status === 'cancelled') return [];
  if (state.status !== 'open' && state.status !== 'held')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  return [{ type: 'RequestCancelled', data: { reason } }];
};
