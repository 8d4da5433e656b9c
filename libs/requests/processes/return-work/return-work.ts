import { RequestEvent } from '../../events';
import { Request } from '../../request';

/** Gives what somebody has back to the team that they have it in. They have it no more: nothing happens. */
export const returnWork = (staff: string, state: Request): readonly RequestEvent[] => {
  if (state.status !== 'open' && state.status !== 'held') return [];
  const { assignment } = state;
  if (assignment?.assignee !== staff || state.mergedInto !== null) return [];
  return [{ type: 'RequestAssigned', data: { team: assignment.team, assignee: null, from: assignment } }];
};
