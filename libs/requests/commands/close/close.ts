import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

/** Puts a resolved case away. */
export const close = (_command: object, state: Request): RequestEvent[] => {
  if (state.status === 'closed') return [];
  if (state.status !== 'resolved')
    throw new Rejection('REQUEST_NOT_RESOLVED', `request ${state.number} is ${state.status}`);
  return [{ type: 'RequestClosed', data: {} }];
};
