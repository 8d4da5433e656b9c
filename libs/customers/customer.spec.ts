import { agreeContract, endContract } from './commands/contract/contract';
import { placeLegalHold, releaseLegalHold } from './commands/legal-hold/legal-hold';
import { assertMergeable } from './commands/merge/mergeable';
import { assertOrganisation, joinOrganisation, leaveOrganisation } from './commands/organisation/organisation';
import { statePreferences } from './commands/preferences/state-preferences';
import { register } from './commands/register/register';
import { liftRestriction, restrictProcessing } from './commands/restriction/restriction';
import { segmentCustomer } from './commands/segment/segment';
import { completeErasure, Customer, evolveCustomer, registerCustomer, requestErasure } from './customer';
import { recorded } from '../eventing/testing/specification';
import { codeOfRejection } from '../eventing/testing/rejections';
import { CustomerEvent } from './events';
import { ada, erased, given, registered } from './testing/given';
import { holdsMax } from './vocabulary';

const after = (...events: readonly CustomerEvent[]): Customer =>
  recorded('customer', ada, events).reduce<Customer>(evolveCustomer, { status: 'unknown' });

describe('registering', () => {
  const command = { kind: 'person', name: 'Ada', email: undefined, phone: undefined } as const;
  const event: CustomerEvent = { type: 'CustomerRegistered', data: { ...command, request: null } };
  it('makes a customer known, with their language when it is', () => {
    given()
      .when((state) => register({ ...command, language: null }, state))
      .then(event);
    given()
      .when((state) => register({ ...command, language: 'de' }, state))
      .then(event, { type: 'CustomerPreferencesStated', data: { language: 'de', channel: null } });
  });
  it('leaves alone whom it finds, whether by hand or because of a request', () => {
    given(registered())
      .when((state) => register({ ...command, language: 'de' }, state))
      .then();
    given(registered(), ...erased)
      .when((state) => registerCustomer({ ...command, request: 'CSR-7' }, state))
      .then();
  });
});

describe('segment, preferences and contract', () => {
  const contract = { reference: 'C1', level: 'gold', from: '2026-01-01T00:00:00.000Z', until: null };
  const agreed: CustomerEvent = { type: 'CustomerContractAgreed', data: contract };
  it('are recorded once', () => {
    given(registered())
      .when((state) => segmentCustomer({ segment: 'gold' }, state))
      .then({ type: 'CustomerSegmented', data: { segment: 'gold' } });
    given(registered())
      .when((state) => segmentCustomer({ segment: null }, state))
      .then();
    const preferences = { language: 'de', channel: 'chat' } as const;
    given(registered())
      .when((state) => statePreferences(preferences, state))
      .then({ type: 'CustomerPreferencesStated', data: preferences });
    given(registered(), { type: 'CustomerPreferencesStated', data: preferences })
      .when((state) => statePreferences(preferences, state))
      .then();
    given(registered())
      .when((state) => agreeContract(contract, state))
      .then(agreed);
    given(registered(), agreed)
      .when((state) => agreeContract(contract, state))
      .then();
  });
  it('lets a contract end, and another take its place', () => {
    const end = (reference: string) => (state: Customer) => endContract({ reference, at: undefined }, state);
    given(registered(), agreed)
      .when(end('C1'))
      .then({ type: 'CustomerContractEnded', data: { reference: 'C1' } });
    given(registered(), agreed).when(end('C2')).refused('NO_SUCH_CONTRACT');
    given(registered()).when(end('C1')).refused('NO_SUCH_CONTRACT');
    const next = { ...contract, reference: 'C2' };
    given(registered(), agreed)
      .when((state) => agreeContract(next, state))
      .then({ ...agreed, data: next });
  });
  it('refuses a contract that never holds', () =>
    given(registered())
      .when((state) => agreeContract({ ...contract, until: contract.from }, state))
      .refused('CONTRACT_NEVER_HOLDS'));
});

describe('membership', () => {
  const organisation = '5a2b6a4b-4f9a-561d-899c-d7a87d737e0d';
  const joined: CustomerEvent = { type: 'CustomerJoinedOrganisation', data: { organisation, title: 'buyer' } };
  const join =
    (title: string | null = 'buyer', into = organisation) =>
    (state: Customer) =>
      joinOrganisation({ organisation: into, title }, state);
  it('is of a person in one organisation, in one title', () => {
    given(registered()).when(join()).then(joined);
    given(registered(), joined).when(join()).then();
    given(registered(), joined)
      .when(join('owner'))
      .then({ ...joined, data: { organisation, title: 'owner' } });
    given(registered(), joined).when(join('buyer', ada)).refused('MEMBER_ELSEWHERE');
    given(registered({ kind: 'organisation' }))
      .when(join())
      .refused('NOT_A_PERSON');
  });
  it('ends once', () => {
    given(registered(), joined)
      .when(leaveOrganisation)
      .then({ type: 'CustomerLeftOrganisation', data: { organisation } });
    given(registered()).when(leaveOrganisation).then();
  });
  it('is in organisations that are known alone', () => {
    expect(codeOfRejection(() => assertOrganisation(after(registered())))).toBe('NOT_AN_ORGANISATION');
    expect(codeOfRejection(() => assertOrganisation(after()))).toBe('NOT_AN_ORGANISATION');
    expect(() => assertOrganisation(after(registered({ kind: 'organisation' })))).not.toThrow();
  });
});

describe('legal holds and erasure', () => {
  const placed = (matter: string): CustomerEvent => ({
    type: 'CustomerLegalHoldPlaced',
    data: { matter, reason: 'x' },
  });
  const released = (matter: string): CustomerEvent => ({ type: 'CustomerLegalHoldReleased', data: { matter } });
  const erase = (state: Customer) => requestErasure({ ground: 'retention' }, state);
  const requested: CustomerEvent = { type: 'CustomerErasureRequested', data: { ground: 'retention' } };
  it('holds are placed and released by matter, once each', () => {
    const place = (state: Customer) => placeLegalHold({ matter: 'A', reason: 'x' }, state);
    const release = (state: Customer) => releaseLegalHold({ matter: 'A' }, state);
    given(registered()).when(place).then(placed('A'));
    given(registered(), placed('A')).when(place).then();
    given(registered(), placed('A')).when(release).then(released('A'));
    given(registered()).when(release).then();
    given(registered(), ...Array.from({ length: holdsMax }, (_, index) => placed(`M${index}`)))
      .when(place)
      .refused('TOO_MANY_LEGAL_HOLDS');
  });
  it('a hold forbids erasure until the last matter is over, whatever the ground', () => {
    given(registered(), placed('A'), placed('B'), released('A')).when(erase).refused('CUSTOMER_ON_LEGAL_HOLD');
    given(registered(), placed('A'), placed('B'), released('A'), released('B')).when(erase).then(requested);
  });
  it('erasure is asked for once, cannot be held up afterwards, and is recorded once', () => {
    const complete = (state: Customer) => completeErasure({ keyDestroyedAt: '2026-01-05T09:00:00.000Z' }, state);
    given(registered(), requested).when(erase).then();
    given(registered(), requested)
      .when((state) => placeLegalHold({ matter: 'A', reason: 'x' }, state))
      .refused('CUSTOMER_ERASED');
    given(registered(), requested)
      .when(complete)
      .then(...erased.slice(1));
    given(registered(), ...erased)
      .when(complete)
      .then();
    given(registered()).when(complete).then();
    given().when(erase).refused('CUSTOMER_NOT_FOUND');
  });
});

it('merges people with people and organisations with organisations, of those who are there', () => {
  const [person, organisation] = [after(registered()), after(registered({ kind: 'organisation' }))];
  expect(() => assertMergeable(person, person)).not.toThrow();
  expect(codeOfRejection(() => assertMergeable(person, organisation))).toBe('MERGE_OF_DIFFERENT_KINDS');
  expect(codeOfRejection(() => assertMergeable(person, after()))).toBe('UNKNOWN_CUSTOMER');
  expect(codeOfRejection(() => assertMergeable(person, after(registered(), ...erased)))).toBe('UNKNOWN_CUSTOMER');
  expect(codeOfRejection(() => assertMergeable(after(registered(), ...erased), person))).toBe('CUSTOMER_ERASED');
});

describe('a restriction', () => {
  const command = { ground: 'objection', reason: 'said so' } as const;
  const restricted: CustomerEvent = { type: 'CustomerProcessingRestricted', data: command };
  it('is recorded once a ground, and lifted once', () => {
    given(registered())
      .when((state) => restrictProcessing(command, state))
      .then(restricted);
    given(registered(), restricted)
      .when((state) => restrictProcessing({ ...command, reason: 'again' }, state))
      .then();
    given(registered(), restricted)
      .when((state) => restrictProcessing({ ...command, ground: 'unlawful' }, state))
      .then({ type: 'CustomerProcessingRestricted', data: { ...command, ground: 'unlawful' } });
    given(registered(), restricted)
      .when((state) => liftRestriction({ reason: 'told' }, state))
      .then({ type: 'CustomerRestrictionLifted', data: { reason: 'told' } });
    given(registered())
      .when((state) => liftRestriction({ reason: 'told' }, state))
      .then();
  });
  it('keeps a customer from being erased for the time that has passed, and from nothing that they ask for', () => {
    given(registered(), restricted)
      .when((state) => requestErasure({ ground: 'retention' }, state))
      .refused('PROCESSING_RESTRICTED');
    given(registered(), restricted)
      .when((state) => requestErasure({ ground: 'requested' }, state))
      .then({ type: 'CustomerErasureRequested', data: { ground: 'requested' } });
    given(...erased)
      .when((state) => restrictProcessing(command, state))
      .refused('CUSTOMER_NOT_FOUND');
  });
});
