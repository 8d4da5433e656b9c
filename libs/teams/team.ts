import { Evolution } from '../eventing/decider';
import { keyOf, Recorded } from '../eventing/event';
import { PersonalText } from '../eventing/sealed';
import { teamCategory, TeamEvent } from './events';

export type Team =
  | { readonly status: 'unknown' }
  | { readonly status: 'active'; readonly id: string; readonly handle: string; readonly name: PersonalText };

export const evolveTeam = (_state: Team, { data, stream }: Recorded<TeamEvent>): Team => ({
  status: 'active',
  id: keyOf(stream),
  handle: data.handle,
  name: data.name,
});

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
