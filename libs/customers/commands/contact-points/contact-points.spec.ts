import { CustomerEvent } from '../../events';
import { erased, given, registered } from '../../testing/given';
import { contactPointsMax } from '../../vocabulary';
import { addContactPoint, preferContactPoint, removeContactPoint } from './contact-points';

const chat = { contactPoint: 'p1', channel: 'chat', address: '@ada' } as const;
const added: CustomerEvent = { type: 'CustomerContactPointAdded', data: chat };
const add = (command: Partial<Parameters<typeof addContactPoint>[0]> = {}) =>
  addContactPoint.bind(null, { ...chat, knownAs: undefined, ...command });

describe('adding a contact point', () => {
  it('records channel and address', () => given(registered()).when(add()).then(added));
  it('does nothing when the address is known already', () =>
    given(registered(), added)
      .when(add({ contactPoint: 'p2', knownAs: 'p1' }))
      .then());
  it('records it again when it was removed meanwhile', () =>
    given(registered(), added, { type: 'CustomerContactPointRemoved', data: { contactPoint: 'p1' } })
      .when(add({ knownAs: 'p1' }))
      .then(added));
  it.each([
    ['email', 'nobody'],
    ['email', 'a@b@c'],
    ['phone', 'ring me'],
    ['sms', '1'],
  ] as const)('refuses an address that is none: %s %s', (channel, address) =>
    given(registered()).when(add({ channel, address })).refused('INVALID_ADDRESS'),
  );
  it('refuses more than anybody has', () => {
    const many = Array.from({ length: contactPointsMax }, (_, index): CustomerEvent => ({
      ...added,
      data: { ...chat, contactPoint: `p${index}` },
    }));
    given(registered({ email: undefined }), ...many)
      .when(add({ contactPoint: 'another' }))
      .refused('TOO_MANY_CONTACT_POINTS');
  });
  it('refuses who was erased, and who is unknown', () => {
    given(registered(), ...erased)
      .when(add())
      .refused('CUSTOMER_ERASED');
    given().when(add()).refused('CUSTOMER_NOT_FOUND');
  });
});

describe('removing and preferring', () => {
  const email = { contactPoint: 'email' };
  const second: CustomerEvent = {
    type: 'CustomerContactPointAdded',
    data: { contactPoint: 'p2', channel: 'email', address: 'ada@work.example' },
  };
  const preferred = (contactPoint: string): CustomerEvent => ({
    type: 'CustomerContactPointPreferred',
    data: { contactPoint },
  });
  it('takes away what somebody came with', () =>
    given(registered())
      .when((state) => removeContactPoint(email, state))
      .then({ type: 'CustomerContactPointRemoved', data: email }));
  it('does nothing the second time', () =>
    given(registered({ email: undefined }))
      .when((state) => removeContactPoint(email, state))
      .then());
  it('prefers one of each channel: the other no longer is', () => {
    given(registered(), second, preferred('email'))
      .when((state) => preferContactPoint({ contactPoint: 'p2' }, state))
      .then(preferred('p2'));
    given(registered(), second, preferred('email'), preferred('p2'))
      .when((state) => preferContactPoint(email, state))
      .then(preferred('email'));
    given(registered(), preferred('email'))
      .when((state) => preferContactPoint(email, state))
      .then();
  });
  it('refuses to prefer what there is not', () =>
    given(registered())
      .when((state) => preferContactPoint({ contactPoint: 'fax' }, state))
      .refused('UNKNOWN_CONTACT_POINT'));
});
