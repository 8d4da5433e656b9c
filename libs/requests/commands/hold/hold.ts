import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';
import { Awaited } from '../../vocabulary';

export interface HoldRequest {
  readonly reason: string;
  readonly waitingFor: Awaited;
  /** RFC 3339; when somebody should look again. */
  readonly until: string | null;
}

/** Puts an open case on hold, saying whom we wait for. Waiting for somebody else instead takes a resume first. */
export const hold = ({ reason, waitingFor, until }: HoldRequest, state: Request): RequestEvent[] => {
  if (state.status === 'held' && state.waitingFor === waitingFor && state.until === until) return [];
  if (state.status === 'held')
    throw new Rejection('REQUEST_ON_HOLD', `request ${state.number} waits for ${state.waitingFor}`);
  if (state.status !== 'open') throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  return [{ type: 'RequestHeld', data: { reason, waitingFor, until } }];
};
