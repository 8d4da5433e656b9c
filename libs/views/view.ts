import { Evolution } from '../eventing/decider';
import { NotFound } from '../eventing/failures';
import { Rejection } from '../eventing/rejection';
import { Role } from '../platform/auth/caller';
import { viewCategory, ViewDefinition, ViewEvent } from './events';

type Facts = ViewDefinition & { readonly owner: string };
export type View = { readonly status: 'none' } | (Facts & { readonly status: 'active' | 'retired' });
export type ExistingView = Exclude<View, { status: 'none' }>;

export const viewEvolution: Evolution<View, ViewEvent> = {
  category: viewCategory,
  initialState: { status: 'none' },
  evolve: (state, { type, data }) => {
    if (type === 'ViewCreated') return { ...data, status: 'active' };
    if (state.status === 'none') return state;
    return type === 'ViewRetired' ? { ...state, status: 'retired' } : { ...state, ...data };
  },
  ownerOf: () => undefined,
};

/** Who looks at views or works on them. */
export interface Reader {
  readonly id: string;
  readonly role: Role;
  /** Id of the team that they are in now. */
  readonly team: string | null;
}

type Shared = Pick<Facts, 'owner' | 'team'>;

/** Their own, and those that are shared with their team; administrators see to all that are shared. */
export const sees = ({ owner, team }: Shared, reader: Reader): boolean =>
  owner === reader.id || (team !== null && (team === reader.team || reader.role === 'admin'));

/** Whoever made it; of a shared one also the leads among those who see it. */
export const mayChange = (view: Shared, reader: Reader): boolean =>
  view.owner === reader.id || (sees(view, reader) && (reader.role === 'lead' || reader.role === 'admin'));

/** @throws NotFound for one that they do not see @throws Rejection VIEW_NOT_YOURS, VIEW_RETIRED */
export const assertChangeable = (state: View, reader: Reader): ExistingView => {
  if (state.status === 'none' || !sees(state, reader)) throw new NotFound();
  if (!mayChange(state, reader)) throw new Rejection('VIEW_NOT_YOURS', 'its owner or a lead of its team may change it');
  if (state.status === 'retired') throw new Rejection('VIEW_RETIRED', 'the view was retired');
  return state;
};

/** @throws Rejection NOT_IN_TEAM for a team that the reader has no part in */
export const assertShareable = (team: string | null, reader: Reader): void => {
  if (team === null || team === reader.team || reader.role === 'admin') return;
  const detail = 'a view is shared with one’s own team';
  throw new Rejection('NOT_IN_TEAM', detail, [{ pointer: '/team', code: 'NOT_IN_TEAM', detail }]);
};
