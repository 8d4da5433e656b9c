import { Projection } from '../../../eventing/projections/projection';
import { teamCategory, TeamEvent } from '../../../teams/events';

/** Handles of the teams, for showing and finding them. */
export interface TeamRow {
  readonly handle: string;
}

export const teamProjection: Projection<TeamRow, TeamEvent> = {
  name: 'team',
  version: 1,
  category: teamCategory,
  initial: (key) => ({ handle: key }),
  evolve: (_row, event) => ({ handle: event.data.handle }),
  columns: { handle: { type: 'text', of: ({ handle }) => handle } },
  indexes: ['handle, key'],
};
