import { Evolution } from '../eventing/decider';
import { keyOf, Recorded } from '../eventing/event';
import { PersonalText } from '../eventing/sealed';
import { teamCategory, TeamEvent } from './events';
import { Distributions, evolveDistributions, initialDistributions } from './roster';

export type Team =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'active';
      readonly id: string;
      readonly handle: string;
      readonly name: PersonalText;
      readonly distributions: Distributions;
    };

export const evolveTeam = (state: Team, event: Recorded<TeamEvent>): Team => {
  if (event.type === 'TeamRegistered') {
    const { handle, name } = event.data;
    return { status: 'active', id: keyOf(event.stream), handle, name, distributions: initialDistributions };
  }
  if (state.status !== 'active') return state;
  if (event.type === 'TeamRenamed') return { ...state, name: event.data.name };
  return { ...state, distributions: evolveDistributions(state.distributions, event) };
};

export const teamEvolution = (id: string): Evolution<Team, TeamEvent> => ({
  category: teamCategory,
  initialState: { status: 'unknown' },
  evolve: evolveTeam,
  ownerOf: () => id,
});

export interface RegisterTeam {
  readonly handle: string;
  readonly name: string;
}

/** Makes a team known under a handle. Known already: nothing happens. */
export const registerTeam = (command: RegisterTeam, state: Team): TeamEvent[] =>
  state.status === 'active' ? [] : [{ type: 'TeamRegistered', data: { ...command } }];
