import { Decided } from '../../../eventing/command-runner';
import { Rejection } from '../../../eventing/rejection';
import { activeRecord, Consent, Customer } from '../../customer';
import { CustomerEvent } from '../../events';
import { LawfulBasis, purposesMax } from '../../vocabulary';

export interface GiveConsent {
  readonly purpose: string;
  readonly basis: LawfulBasis;
  /** When it was given; RFC 3339, UTC, milliseconds. Absent: now. */
  readonly at: string | undefined;
}

export const consentTo = (purpose: string, consents: readonly Consent[]): Consent | undefined =>
  consents.find((consent) => consent.purpose === purpose);

const notes = (at: string | undefined) => (at === undefined ? {} : { notes: { occurredAt: at } });

/** Records that data may be processed for a purpose, and on which basis. */
export const giveConsent = ({ purpose, basis, at }: GiveConsent, state: Customer): Decided<CustomerEvent>[] => {
  const { consents } = activeRecord(state);
  const known = consentTo(purpose, consents);
  if (known?.status === 'given' && known.basis === basis) return [];
  if (!known && consents.length >= purposesMax)
    throw new Rejection('TOO_MANY_PURPOSES', `consent is kept for at most ${purposesMax} purposes`);
  return [{ type: 'CustomerConsentGiven', data: { purpose, basis }, ...notes(at) }];
};

export interface WithdrawConsent {
  readonly purpose: string;
  readonly at: string | undefined;
}

/** Takes a consent back; what was done under it until then stays lawful, so that both instants are kept. */
export const withdrawConsent = ({ purpose, at }: WithdrawConsent, state: Customer): Decided<CustomerEvent>[] => {
  const known = consentTo(purpose, activeRecord(state).consents);
  if (!known) throw new Rejection('NO_SUCH_CONSENT', 'nothing was consented to for this purpose');
  return known.status === 'withdrawn' ? [] : [{ type: 'CustomerConsentWithdrawn', data: { purpose }, ...notes(at) }];
};
