import { Projection } from '../../../eventing/projections/projection';
import { staffCategory, StaffEvent } from '../../../teams/events';
import { evolveWorking, notWorking, Working } from '../../../teams/roster';

/** Handles of the members of staff, for showing and finding them. Names stay in their own streams. */
export interface StaffRow extends Working {
  readonly handle: string;
  readonly team: string | null;
  /** All that they are in, or are to be. */
  readonly teams: readonly string[];
  /** RFC 3339; null while they work here. */
  readonly retiredAt: string | null;
}

export const staffProjection: Projection<StaffRow, StaffEvent> = {
  name: 'staff',
  version: 4,
  category: staffCategory,
  initial: (key) => ({ handle: key, team: null, teams: [], retiredAt: null, ...notWorking }),
  evolve: (row, event) => {
    const working = evolveWorking(row, event);
    const { handle, team } = { ...row, ...('handle' in event.data ? event.data : {}) };
    const named = working.rosters.flatMap(({ value }) => value.team ?? []);
    const joined = event.type === 'StaffJoinedTeam' ? event.data.team : team;
    const { rosters, presence, isRetired, reserved } = working;
    const retiredAt = isRetired ? (row.retiredAt ?? event.metadata.occurredAt) : null;
    const teams = isRetired ? [] : [...new Set(named)];
    return { handle, team: joined, teams, rosters, presence, isRetired, reserved, retiredAt };
  },
  columns: {
    handle: { type: 'text', of: ({ handle }) => handle },
    retired_at: { type: 'timestamptz', of: ({ retiredAt }) => retiredAt },
  },
  indexes: ['handle, key', 'retired_at, key'],
};
