import { Projection } from '../../../eventing/projections/projection';
import { PersonalText } from '../../../eventing/sealed';
import { teamCategory, TeamEvent } from '../../../teams/events';
import { Distributions, evolveDistributions, initialDistributions } from '../../../teams/roster';

/** Handles of the teams, for showing and finding them. */
export interface TeamRow {
  readonly handle: string;
  readonly name: PersonalText;
  readonly distributions: Distributions;
  /** It takes no more work. */
  readonly isRetired: boolean;
}

export const teamProjection: Projection<TeamRow, TeamEvent> = {
  name: 'team',
  version: 3,
  category: teamCategory,
  initial: (key) => ({ handle: key, name: '', distributions: initialDistributions, isRetired: false }),
  evolve: (row, event) => {
    const { handle, name } = { ...row, ...('name' in event.data ? event.data : {}) };
    const { type } = event;
    const isRetired = type === 'TeamRetired' || (row.isRetired && type !== 'TeamReinstated');
    return { handle, name, distributions: evolveDistributions(row.distributions, event), isRetired };
  },
  columns: { handle: { type: 'text', of: ({ handle }) => handle } },
  indexes: ['handle, key'],
};
