import { Evolution } from '../eventing/decider';
import { Recorded, streamOf, keyOf } from '../eventing/event';
import { Rejection } from '../eventing/rejection';
import { PersonalText } from '../eventing/sealed';
import { staffCategory, StaffEvent } from './events';
import { evolveWorking, notWorking, Working } from './roster';

export interface KnownStaff {
  readonly status: 'active' | 'retired';
  readonly id: string;
  readonly handle: string;
  readonly name: PersonalText;
  readonly team: string | null;
  readonly working: Working;
}

export type Staff = { readonly status: 'unknown' } | KnownStaff;

export const evolveStaff = (state: Staff, event: Recorded<StaffEvent>): Staff => {
  const working = evolveWorking(state.status === 'unknown' ? notWorking : state.working, event);
  if (event.type === 'StaffRegistered') {
    const { handle, name, team } = event.data;
    return { status: 'active', id: keyOf(event.stream), handle, name, team, working };
  }
  if (state.status === 'unknown') return state;
  const status = working.isRetired ? 'retired' : 'active';
  return { ...state, status, working, team: event.type === 'StaffJoinedTeam' ? event.data.team : state.team };
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
  state.status === 'unknown' ? [{ type: 'StaffRegistered', data: { ...command } }] : [];

/** Somebody who works here. @throws Rejection UNKNOWN_STAFF, STAFF_RETIRED */
export const inService = (state: Staff): KnownStaff => {
  if (state.status === 'unknown') throw new Rejection('UNKNOWN_STAFF', 'nobody is known under this handle or id');
  if (state.status === 'retired') throw new Rejection('STAFF_RETIRED', `${state.handle} works here no more`);
  return state;
};
