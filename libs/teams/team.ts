import { Evolution } from '../eventing/decider';
import { keyOf, Recorded } from '../eventing/event';
import { Rejection } from '../eventing/rejection';
import { PersonalText } from '../eventing/sealed';
import { teamCategory, TeamEvent } from './events';
import { Distributions, evolveDistributions, initialDistributions } from './roster';

export interface KnownTeam {
  readonly status: 'active' | 'retired';
  readonly id: string;
  readonly handle: string;
  readonly name: PersonalText;
  readonly distributions: Distributions;
}

export type Team = { readonly status: 'unknown' } | KnownTeam;

export const evolveTeam = (state: Team, event: Recorded<TeamEvent>): Team => {
  if (event.type === 'TeamRegistered') {
    const { handle, name } = event.data;
    return { status: 'active', id: keyOf(event.stream), handle, name, distributions: initialDistributions };
  }
  if (state.status === 'unknown') return state;
  switch (event.type) {
    case 'TeamRenamed':
      return { ...state, name: event.data.name };
    case 'TeamRetired':
      return { ...state, status: 'retired' };
    case 'TeamReinstated':
      return { ...state, status: 'active' };
    case 'TeamDistributionChanged':
      return { ...state, distributions: evolveDistributions(state.distributions, event) };
  }
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
  state.status === 'unknown' ? [{ type: 'TeamRegistered', data: { ...command } }] : [];

/** A team that somebody registered. @throws Rejection UNKNOWN_TEAM */
export const knownTeam = (state: Team): KnownTeam => {
  if (state.status === 'unknown') throw new Rejection('UNKNOWN_TEAM', 'no team is known under this handle or id');
  return state;
};
