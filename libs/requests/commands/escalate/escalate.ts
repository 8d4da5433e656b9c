import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';
import { Level } from '../../vocabulary';

export interface EscalateRequest {
  readonly to: Level;
  readonly reason: string;
}

/** Raises an open request to a higher support level. Asking twice for the same level is not an error. */
export const escalate = ({ to, reason }: EscalateRequest, state: Request): RequestEvent[] => {
  if (state.status !== 'open') throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  if (to === state.level) return [];
  if (to < state.level) throw new Rejection('ESCALATION_NOT_UPWARD', `${to} is below ${state.level}`);
  return [{ type: 'RequestEscalated', data: { from: state.level, to, reason } }];
};
