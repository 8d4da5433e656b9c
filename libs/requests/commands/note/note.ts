import { Rejection } from '../../../eventing/rejection';
import { Exchange } from '../../event-values';
import { RequestEvent } from '../../events';
import { assertCarried } from '../../messages';
import { Request } from '../../request';

/** Writes something down for the staff alone. Allowed in every state: what is learnt after the end belongs to the case too. */
export const note = (
  { text, exchange }: { readonly text: string; readonly exchange?: Exchange | undefined },
  state: Request,
): RequestEvent[] => {
  if (state.status === 'none') throw new Rejection('REQUEST_NOT_OPEN', 'there is no such request');
  assertCarried(exchange, state, 'staff');
  return [{ type: 'RequestNoted', data: { text, exchange } }];
};
