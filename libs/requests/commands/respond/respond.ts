import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

export interface RespondToRequest {
  readonly text: string;
  readonly by: 'staff' | 'customer';
}

/** Says something that both the customer and the staff can read. A closed case takes no more words: it is reopened first. */
export const respond = ({ text, by }: RespondToRequest, state: Request): RequestEvent[] => {
  if (state.status !== 'open' && state.status !== 'held' && state.status !== 'resolved')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  return [{ type: 'RequestResponded', data: { text, by } }];
};
