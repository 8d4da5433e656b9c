import { Customer, evolveCustomer } from '../../customer';
import { CustomerEvent } from '../../events';
import { erased, given, registered } from '../../testing/given';
import { purposesMax } from '../../vocabulary';
import { giveConsent, withdrawConsent } from './consent';
import { recorded } from '../../../eventing/testing/specification';

const at = '2026-01-02T03:04:05.000Z';
const gave: CustomerEvent = { type: 'CustomerConsentGiven', data: { purpose: 'newsletter', basis: 'consent' } };
const give =
  (purpose = 'newsletter', when?: string) =>
  (state: Customer) =>
    giveConsent({ purpose, basis: 'consent', at: when }, state);
const withdraw = (state: Customer) => withdrawConsent({ purpose: 'newsletter', at: undefined }, state);
const withdrew: CustomerEvent = { type: 'CustomerConsentWithdrawn', data: { purpose: 'newsletter' } };

it('is given for a purpose, on a basis, at the time it was given', () =>
  given(registered())
    .when(give('newsletter', at))
    .then({ ...gave, notes: { occurredAt: at } } as CustomerEvent));
it('is given once, and again after it was withdrawn', () => {
  given(registered(), gave).when(give()).then();
  given(registered(), gave, withdrew).when(give()).then(gave);
});
it('is withdrawn once, and only where it was given', () => {
  given(registered(), gave).when(withdraw).then(withdrew);
  given(registered(), gave, withdrew).when(withdraw).then();
  given(registered()).when(withdraw).refused('NO_SUCH_CONSENT');
});
it('keeps since when it is so', () => {
  const [first, second, third] = recorded('customer', 'x', [registered(), gave, withdrew]);
  const state = [first, second, third]
    .flatMap((each) => each ?? [])
    .reduce<Customer>(evolveCustomer, { status: 'unknown' });
  expect(state).toMatchObject({
    consents: [{ purpose: 'newsletter', status: 'withdrawn', basis: 'consent', since: third?.metadata.occurredAt }],
  });
});
it('is kept for a bounded number of purposes', () => {
  const many = Array.from({ length: purposesMax }, (_, index): CustomerEvent => ({
    type: 'CustomerConsentGiven',
    data: { purpose: `purpose ${index}`, basis: 'consent' },
  }));
  given(registered(), ...many)
    .when(give('one more'))
    .refused('TOO_MANY_PURPOSES');
});
it('is nothing that somebody who was erased can give', () =>
  given(registered(), ...erased)
    .when(give())
    .refused('CUSTOMER_ERASED'));
