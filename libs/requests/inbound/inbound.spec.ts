import fc from 'fast-check';
import { numberFor } from '../../case-numbers/number-for';
import { fold } from '../../eventing/decider';
import { recorded, specification } from '../../eventing/testing/specification';
import { MessageIds } from '../../channels/message-ids';
import { numberSpace } from '../number.http';
import { requestEvolution } from '../request';
import { histories, number as caseNumber } from '../testing/given';
import { file, receiptEvolution, receive, Route } from './events';
import { fileMessage } from './file-message';
import { loopSign } from './loop-signs';
import { numbersIn } from './numbers-in-text';
import { Candidate, routeOf } from './route';

const installation = '3f0e0d56-6a53-4d0c-9a43-0b8f0c5a3d11';
const space = numberSpace(installation);
const numberOf = (commandId: string): string =>
  numberFor({ key: Buffer.alloc(32, 7), prefix: 'CSR', commandId, attempt: 0, installation });
const number = numberOf('a');

describe('a receipt', () => {
  const given = specification(receiptEvolution, 'key');
  const route: Route = { to: 'new-case', followUpOf: null, related: null };

  it('says where a message goes, and what was said first holds', () => {
    given()
      .when((state) => receive(route, state))
      .then({ type: 'MessageReceived', data: { route } });
    given({ type: 'MessageReceived', data: { route } })
      .when((state) => receive({ to: 'nobody', sign: 'bulk' }, state))
      .then();
  });
  it('names the case that was opened, once', () => {
    const history = [{ type: 'MessageReceived', data: { route } } as const];
    given(...history)
      .when((state) => file(number, state))
      .then({ type: 'MessageFiled', data: { number } });
    given(...history, { type: 'MessageFiled', data: { number } })
      .when((state) => file('other', state))
      .then();
  });
});

describe('numbers in a text', () => {
  it.each([
    ['[{}]Extra', 'right behind a bracket'],
    ['re: {} and more', 'between words'],
    ['({}).', 'in parentheses'],
    ['\u00a0{}\n', 'between odd spaces'],
  ])('are found: %s', (text) => {
    for (const written of [number, number.toLowerCase(), number.replaceAll('-', ' '), number.replaceAll('-', '')])
      expect(numbersIn(text.replace('{}', written), space)).toEqual([number]);
  });
  it('are each told once, in their order', () =>
    expect(numbersIn(`${numberOf('b')} ${number} ${numberOf('b')}`, space)).toEqual([numberOf('b'), number]));
  it.each(['Software: cannot log in', 'CSR-000-000-000', `X${number}`, `${number}X`, ''])(
    'are not made up: %j',
    (text) => expect(numbersIn(text, space)).toEqual([]),
  );
  it('are looked for in any text, in bounded time', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(numbersIn(`${'CSR'.repeat(3_000)}${text}`, space)).toEqual([]);
      }),
    ));
});

describe('a sign that a machine wrote', () => {
  const own = new Set(['help@example.com']);
  it.each([
    ['Help@Example.com', {}, 'own-address'],
    ['a@b.c', { 'auto-submitted': 'auto-replied' }, 'auto-submitted'],
    ['a@b.c', { 'return-path': '<>' }, 'no-return-path'],
    ['MAILER-DAEMON@b.c', {}, 'daemon'],
    ['a@b.c', { precedence: 'Bulk' }, 'bulk'],
    ['a@b.c', { 'list-id': '<x>' }, 'bulk'],
    ['a@b.c', { 'auto-submitted': 'no', precedence: 'first-class' }, undefined],
    [undefined, {}, undefined],
  ])('%s %j: %s', (from, headers, sign) => expect(loopSign({ from, headers }, own)).toBe(sign));
});

describe('ids of our own messages', () => {
  const ids = new MessageIds(Buffer.alloc(32, 1), installation);
  it('name their case, and only as they were made', () => {
    const id = ids.ofOurs(number, 'ff00');
    expect(ids.numberIn(id)).toBe(number);
    for (const other of [
      id.replace('ff00', 'ff01'),
      id.replace(number, numberOf('b')),
      id.replace(installation, '00000000-0000-0000-0000-000000000000'),
      new MessageIds(Buffer.alloc(32, 2), installation).ofOurs(number, 'ff00'),
      `x${id}`,
      '<a@b>',
    ])
      expect(ids.numberIn(other)).toBeUndefined();
  });
});

describe('a message goes', () => {
  const open = (isFromCustomer: boolean, isOpenToCustomer = true): Candidate => ({
    ...{ number, isFromCustomer, isOpenToCustomer },
  });
  const nothing = { sign: undefined, answered: undefined, named: undefined };
  it.each<[string, Partial<Parameters<typeof routeOf>[0]>, Route]>([
    ['to a new case', {}, { to: 'new-case', followUpOf: null, related: null }],
    ['to the case it answers', { answered: open(true) }, { to: 'case', number, as: 'customer' }],
    ['there from others too', { answered: open(false) }, { to: 'case', number, as: 'third-party' }],
    ['to the case that its customer names', { named: open(true) }, { to: 'case', number, as: 'customer' }],
    [
      'elsewhere when a stranger names it',
      { named: open(false) },
      { to: 'new-case', followUpOf: null, related: number },
    ],
    [
      'after a case that has ended for good',
      { answered: open(true, false) },
      { to: 'new-case', followUpOf: number, related: null },
    ],
    ['there from others all the same', { answered: open(false, false) }, { to: 'case', number, as: 'third-party' }],
    ['nowhere from a machine', { sign: 'bulk' }, { to: 'nobody', sign: 'bulk' }],
    ['to its case from a machine', { sign: 'bulk', answered: open(true) }, { to: 'case', number, as: 'automatic' }],
    ['nowhere from ourselves', { sign: 'own-address', answered: open(true) }, { to: 'nobody', sign: 'own-address' }],
  ])('%s', (_, found, route) => expect(routeOf({ ...nothing, ...found })).toEqual(route));
});

describe('a message that is filed', () => {
  const message = { text: 'Words', exchange: { channel: 'email', direction: 'in' } } as const;
  const decided = (status: keyof typeof histories, as: 'customer' | 'third-party' | 'automatic') =>
    fileMessage({ ...message, as }, fold(requestEvolution, recorded('request', caseNumber, histories[status])));
  it.each(['open', 'held'] as const)('is an answer in a case that is %s', (status) =>
    expect(decided(status, 'customer').map(({ type }) => type)).toEqual(['RequestResponded']),
  );
  it.each(['resolved', 'closed', 'cancelled'] as const)('takes up a case that is %s', (status) =>
    expect(decided(status, 'customer').map(({ type }) => type)).toEqual(['RequestReopened', 'RequestResponded']),
  );
  it.each(['open', 'held', 'resolved', 'closed', 'cancelled'] as const)(
    'moves nothing in one that is %s when others wrote it',
    (status) => {
      expect(decided(status, 'third-party')).toMatchObject([
        { type: 'RequestNoted', data: { exchange: { isThirdParty: true } } },
      ]);
      expect(decided(status, 'automatic')).toMatchObject([
        { type: 'RequestNoted', data: { exchange: { isAutomatic: true } } },
      ]);
    },
  );
});
