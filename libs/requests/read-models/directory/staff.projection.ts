import { Projection } from '../../../eventing/projections/projection';
import { staffCategory, StaffEvent } from '../../../teams/events';
import { evolveWorking, notWorking, Working } from '../../../teams/roster';

/** Handles of the members of staff, for showing and finding them. Names stay in their own streams. */
export interface StaffRow extends Working {
  readonly handle: string;
  readonly team: string | null;
  /** All that they are in, or are to be. */
  readonly teams: readonly string[];
}

export const staffProjection: Projection<StaffRow, StaffEvent> = {
  name: 'staff',
  version: 2,
  category: staffCategory,
  initial: (key) => ({ handle: key, team: null, teams: [], ...notWorking }),
  evolve: (row, event) => {
    const working = evolveWorking(row, event);
    const { handle, team } = { ...row, ...('handle' in event.data ? event.data : {}) };
    const named = working.rosters.flatMap(({ value }) => value.team ?? []);
    const joined = event.type === 'StaffJoinedTeam' ? event.data.team : team;
    return { handle, team: joined, teams: [...new Set(named)], rosters: working.rosters, presence: working.presence };
  },
  columns: { handle: { type: 'text', of: ({ handle }) => handle } },
  indexes: ['handle, key'],
};
