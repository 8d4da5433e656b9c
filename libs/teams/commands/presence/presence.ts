import { Presence, StaffEvent } from '../../events';
import { inService, Staff } from '../../staff';

/** Says that somebody is there for work, or not. What they have stays with them. */
export const changePresence = (presence: Presence, state: Staff): StaffEvent[] => {
  const { working } = inService(state);
  return working.presence === presence ? [] : [{ type: 'StaffPresenceChanged', data: { presence } }];
};
