import { Projection } from '../../../eventing/projections/projection';
import { PersonalText } from '../../../eventing/sealed';
import { teamCategory, TeamEvent } from '../../../teams/events';
import { Distributions, evolveDistributions, initialDistributions } from '../../../teams/roster';

/** Handles of the teams, for showing and finding them. */
export interface TeamRow {
  readonly handle: string;
  readonly name: PersonalText;
  readonly distributions: Distributions;
}

export const teamProjection: Projection<TeamRow, TeamEvent> = {
  name: 'team',
  version: 2,
  category: teamCategory,
  initial: (key) => ({ handle: key, name: '', distributions: initialDistributions }),
  evolve: (row, event) => {
    const { handle, name } = { ...row, ...('name' in event.data ? event.data : {}) };
    return { handle, name, distributions: evolveDistributions(row.distributions, event) };
  },
  columns: { handle: { type: 'text', of: ({ handle }) => handle } },
  indexes: ['handle, key'],
};
