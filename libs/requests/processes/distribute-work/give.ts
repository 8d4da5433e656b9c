import { RequestEvent } from '../../events';
import { Request } from '../../request';
import { Decision } from './distribute';

/** What an event names of those who were considered. */
const namedMax = 25;

export interface Give extends Omit<Decision, 'wasReserved'> {
  readonly team: string;
  readonly strategy: 'round-robin' | 'least-loaded';
}

/** Gives a case to somebody of the team that it waits in. It waits no more, or elsewhere: nothing happens. */
export const give = (
  { team, assignee, strategy, turn, weight, considered }: Give,
  state: Request,
): readonly RequestEvent[] => {
  if (state.status !== 'open' || state.assignment?.team !== team || state.assignment.assignee !== null) return [];
  // Whoever was chosen stands behind those who could not, and before those who were not needed.
  const place = considered.findIndex(({ verdict }) => verdict === 'chosen');
  const first = Math.max(0, Math.min(place + 1, considered.length) - namedMax);
  const named = considered.slice(first, first + namedMax);
  const others = considered.length - named.length;
  return [
    { type: 'RequestDistributed', data: { team, assignee, strategy, turn, weight, considered: named, others } },
    { type: 'RequestAssigned', data: { team, assignee, from: state.assignment } },
  ];
};
