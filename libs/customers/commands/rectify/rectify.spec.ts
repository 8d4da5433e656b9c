import { Customer } from '../../customer';
import { CustomerEvent } from '../../events';
import { erased, given, registered } from '../../testing/given';
import { rectify, Rectify } from './rectify';

const reason = 'mistyped';
const right = (command: Partial<Rectify>) => (state: Customer) => rectify({ reason, ...command }, state);
const gave: CustomerEvent = { type: 'CustomerConsentGiven', data: { purpose: 'newsletter', basis: 'consent' } };
const since = '2026-01-01T00:00:00.000Z';
const consent = { purpose: 'newsletter', status: 'withdrawn', basis: 'consent', since } as const;

it('puts name, address and consent right at once, each with an event of its own', () =>
  given(registered(), gave)
    .when(right({ name: 'Ada King', contactPoint: { id: 'email', address: 'ada@king.example' }, consent }))
    .then(
      { type: 'CustomerNameRectified', data: { name: 'Ada King', reason } },
      { type: 'CustomerContactPointRectified', data: { contactPoint: 'email', address: 'ada@king.example', reason } },
      { type: 'CustomerConsentRectified', data: { ...consent, reason } },
    ));
it('does nothing where a consent is what it is said to be', () =>
  given(registered(), gave, { type: 'CustomerConsentRectified', data: { ...consent, reason } })
    .when(right({ consent }))
    .then());
it('wants to be told what was wrong', () => given(registered()).when(right({})).refused('NOTHING_TO_RECTIFY'));
it('refuses what there is not, and what cannot be right', () => {
  given(registered())
    .when(right({ contactPoint: { id: 'fax', address: 'x' } }))
    .refused('UNKNOWN_CONTACT_POINT');
  given(registered())
    .when(right({ contactPoint: { id: 'email', address: 'x' } }))
    .refused('INVALID_ADDRESS');
  given(registered()).when(right({ consent })).refused('NO_SUCH_CONSENT');
  given(registered(), ...erased)
    .when(right({ name: 'x' }))
    .refused('CUSTOMER_ERASED');
});
