import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

/** Writes something down for the staff alone. Allowed in every state: what is learnt after the end belongs to the case too. */
export const note = ({ text }: { readonly text: string }, state: Request): RequestEvent[] => {
  if (state.status === 'none') throw new Rejection('REQUEST_NOT_OPEN', 'there is no such request');
  return [{ type: 'RequestNoted', data: { text } }];
};
