import { Rejection } from '../../../eventing/rejection';
import { activeRecord, Customer } from '../../customer';
import { CustomerEvent } from '../../events';
import { holdsMax } from '../../vocabulary';

/** Forbids to erase a customer as long as a matter lasts. Several matters may ask for it; each is released by itself. */
export const placeLegalHold = (
  { matter, reason }: { readonly matter: string; readonly reason: string },
  state: Customer,
): CustomerEvent[] => {
  const { holds } = activeRecord(state);
  if (holds.includes(matter)) return [];
  if (holds.length >= holdsMax)
    throw new Rejection('TOO_MANY_LEGAL_HOLDS', `at most ${holdsMax} matters hold one customer`);
  return [{ type: 'CustomerLegalHoldPlaced', data: { matter, reason } }];
};

/** The matter is over: as far as it is concerned the customer may be erased. */
export const releaseLegalHold = ({ matter }: { readonly matter: string }, state: Customer): CustomerEvent[] =>
  activeRecord(state).holds.includes(matter) ? [{ type: 'CustomerLegalHoldReleased', data: { matter } }] : [];
