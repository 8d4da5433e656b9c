import { Projection } from '../../../eventing/projections/projection';
import { staffCategory, StaffEvent } from '../../../teams/events';

/** Handles of the members of staff, for showing and finding them. Names stay in their own streams. */
export interface StaffRow {
  readonly handle: string;
  readonly team: string | null;
}

export const staffProjection: Projection<StaffRow, StaffEvent> = {
  name: 'staff',
  version: 1,
  category: staffCategory,
  initial: (key) => ({ handle: key, team: null }),
  evolve: (row, event) => {
    switch (event.type) {
      case 'StaffRegistered':
        return { handle: event.data.handle, team: event.data.team };
      case 'StaffJoinedTeam':
        return { ...row, team: event.data.team };
    }
  },
  columns: { handle: { type: 'text', of: ({ handle }) => handle } },
  indexes: ['handle, key'],
};
