import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

/** Takes a case off hold. An open case is not on hold already. */
export const resume = (_command: object, state: Request): RequestEvent[] => {
  if (state.status === 'open') return [];
  if (state.status !== 'held') throw new Rejection('REQUEST_NOT_ON_HOLD', `request ${state.number} is ${state.status}`);
  return [{ type: 'RequestResumed', data: { waitedFor: state.waitingFor } }];
};
