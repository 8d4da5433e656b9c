import { Evolution } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { Rejection } from '../eventing/rejection';
import { PersonalText } from '../eventing/sealed';
import { customerCategory, CustomerEvent, ErasureGround } from './events';

export type Customer =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'active';
      readonly name: PersonalText | null;
      readonly email?: PersonalText | undefined;
      readonly segment: string | null;
    }
  | { readonly status: 'being-erased' }
  | { readonly status: 'erased' };

export const evolveCustomer = (state: Customer, { type, data }: Recorded<CustomerEvent>): Customer => {
  switch (type) {
    case 'CustomerRegistered':
      return { status: 'active', name: data.name, email: data.email, segment: null };
    case 'CustomerSegmented':
      return state.status === 'active' ? { ...state, segment: data.segment } : state;
    case 'CustomerErasureRequested':
      return { status: 'being-erased' };
    case 'CustomerErased':
      return { status: 'erased' };
  }
};

export const customerEvolution = (id: string): Evolution<Customer, CustomerEvent> => ({
  category: customerCategory,
  initialState: { status: 'unknown' },
  evolve: evolveCustomer,
  ownerOf: () => id,
});

export interface RegisterCustomer {
  readonly name: string | null;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly request: string | null;
}

/** Makes a customer known. Known or erased already: nothing happens. */
export const registerCustomer = (command: RegisterCustomer, state: Customer): CustomerEvent[] =>
  state.status === 'unknown' ? [{ type: 'CustomerRegistered', data: { ...command } }] : [];

/** Says which kind of customer somebody is. Cases that were opened before stay under what was chosen for them. */
export const segmentCustomer = ({ segment }: { readonly segment: string | null }, state: Customer): CustomerEvent[] => {
  if (state.status !== 'active') throw new Rejection('CUSTOMER_NOT_FOUND', 'no customer is known under this id');
  return state.segment === segment ? [] : [{ type: 'CustomerSegmented', data: { segment } }];
};

/** Asks for a person to be erased. It cannot be taken back: the key is destroyed as soon as this stands in the log. */
export const requestErasure = ({ ground }: { readonly ground: ErasureGround }, state: Customer): CustomerEvent[] => {
  if (state.status === 'unknown') throw new Rejection('CUSTOMER_NOT_FOUND', 'no customer is known under this id');
  return state.status === 'active' ? [{ type: 'CustomerErasureRequested', data: { ground } }] : [];
};

/** Records that the key is gone. */
export const completeErasure = (
  { keyDestroyedAt }: { readonly keyDestroyedAt: string },
  state: Customer,
): CustomerEvent[] => (state.status === 'being-erased' ? [{ type: 'CustomerErased', data: { keyDestroyedAt } }] : []);
