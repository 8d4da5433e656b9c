import { Rejection } from '../../../eventing/rejection';
import { Presence, StaffEvent } from '../../events';
import { Staff } from '../../staff';

/** Says that somebody is there for work, or not. What they have stays with them. */
export const changePresence = (presence: Presence, state: Staff): StaffEvent[] => {
  if (state.status !== 'active') throw new Rejection('UNKNOWN_STAFF', 'nobody is known under this handle or id');
  return state.working.presence === presence ? [] : [{ type: 'StaffPresenceChanged', data: { presence } }];
};
