import { Rejection } from '../../../eventing/rejection';
import { Assignment } from '../../event-values';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

/** Gives a case to a team, or to one of its people. Giving it to whoever has it already is not an error. */
export const assign = ({ team, assignee }: Assignment, state: Request): RequestEvent[] => {
  if (state.status !== 'open' && state.status !== 'held')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  if (state.assignment?.team === team && state.assignment.assignee === assignee) return [];
  return [{ type: 'RequestAssigned', data: { team, assignee, from: state.assignment } }];
};
