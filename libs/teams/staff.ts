import { Evolution } from '../eventing/decider';
import { Recorded, streamOf, keyOf } from '../eventing/event';
import { PersonalText } from '../eventing/sealed';
import { staffCategory, StaffEvent } from './events';

export type Staff =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'active';
      readonly id: string;
      readonly handle: string;
      readonly name: PersonalText;
      readonly team: string | null;
    };

export const evolveStaff = (state: Staff, { type, data, stream }: Recorded<StaffEvent>): Staff => {
  switch (type) {
    case 'StaffRegistered':
      return { status: 'active', id: keyOf(stream), handle: data.handle, name: data.name, team: data.team };
    case 'StaffJoinedTeam':
      return state.status === 'active' ? { ...state, team: data.team } : state;
  }
};

/** The id is part of the evolution, because a stream's first event must know whose key seals the name. */
export const staffEvolution = (id: string): Evolution<Staff, StaffEvent> => ({
  category: staffCategory,
  initialState: { status: 'unknown' },
  evolve: evolveStaff,
  ownerOf: () => id,
});

export const staffStream = (id: string): string => streamOf(staffCategory, id);

export interface RegisterStaff {
  readonly handle: string;
  readonly name: string;
  readonly team: string | null;
}

/** Makes somebody known under a handle. Known already: nothing happens. */
export const registerStaff = (command: RegisterStaff, state: Staff): StaffEvent[] =>
  state.status === 'active' ? [] : [{ type: 'StaffRegistered', data: { ...command } }];
