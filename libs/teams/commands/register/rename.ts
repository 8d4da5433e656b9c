import { TeamEvent } from '../../events';
import { knownTeam, Team } from '../../team';

/** Gives a team another name; its handle and id stay. What it is called is sealed: the same name said twice is two events. */
export const renameTeam = (name: string, state: Team): TeamEvent[] => {
  knownTeam(state);
  return [{ type: 'TeamRenamed', data: { name } }];
};
