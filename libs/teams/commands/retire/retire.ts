import { Rejection } from '../../../eventing/rejection';
import { StaffEvent, TeamEvent } from '../../events';
import { Staff } from '../../staff';
import { knownTeam, Team } from '../../team';

const unknownStaff = (): Rejection => new Rejection('UNKNOWN_STAFF', 'nobody is known under this handle or id');

/** Lets somebody work here no more. What they have goes back to their teams; what they did stays as it is. */
export const retireStaff = (state: Staff): StaffEvent[] => {
  if (state.status === 'unknown') throw unknownStaff();
  return state.status === 'retired' ? [] : [{ type: 'StaffRetired', data: {} }];
};

/** Takes a retirement back. They have the team and skills that they had, and are away until they say otherwise. */
export const reinstateStaff = (state: Staff): StaffEvent[] => {
  if (state.status === 'unknown') throw unknownStaff();
  return state.status === 'active' ? [] : [{ type: 'StaffReinstated', data: {} }];
};

/**
 * Gives a team no more work. What it has stays with it, for its people to end or to pass on.
 * @param rules ids of the routing rules that name it, now or later
 */
export const retireTeam = (rules: readonly string[], state: Team): TeamEvent[] => {
  if (knownTeam(state).status === 'retired') return [];
  if (rules.length) throw new Rejection('TEAM_IN_RULES', `routing gives it work by ${rules.join(', ')}`);
  return [{ type: 'TeamRetired', data: {} }];
};

export const reinstateTeam = (state: Team): TeamEvent[] =>
  knownTeam(state).status === 'active' ? [] : [{ type: 'TeamReinstated', data: {} }];
