import { Rejection } from '../../../eventing/rejection';
import { TeamEvent } from '../../events';
import { Team } from '../../team';

/** Gives a team another name; its handle and id stay. What it is called is sealed: the same name said twice is two events. */
export const renameTeam = (name: string, state: Team): TeamEvent[] => {
  if (state.status !== 'active') throw new Rejection('UNKNOWN_TEAM', 'no team is known under this handle or id');
  return [{ type: 'TeamRenamed', data: { name } }];
};
