import { StoredEvent } from './event';
import { asIs, EventTypes, UnknownEventType, UnreadableEvent, versionsAsGood } from './event-types';

const types = new EventTypes().register({
  Moved: {
    schema: 3,
    personal: ['/note', '/people/*/name'],
    plain: ['/to'],
    upcasters: {
      1: (data) => ({ ...data, to: 'nowhere' }),
      2: (data) => ({ ...data, note: null }),
    },
  },
});

const stored = (schema: string, data: object, type = 'Moved'): StoredEvent => ({
  ...{ stream: 'thing-1', revision: 0, id: 'e1', type, data, position: 1n },
  metadata: {
    ...{
      schema,
      commandId: 'c',
      $correlationId: 'c',
      $causationId: 'c',
      actor: 'a',
      origin: 'live',
      prev: '',
      hash: '',
    },
    recordedAt: '2026-03-02T09:00:00.000Z',
    occurredAt: '2026-03-02T09:00:00.000Z',
  },
});

const deepFrozen = <T extends object>(value: T): T => {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFrozen(member as object);
  return Object.freeze(value);
};

it('lifts an old version step by step', () => {
  expect(types.decode(stored('1', { from: 'a' })).data).toEqual({ from: 'a', to: 'nowhere', note: null });
  expect(types.decode(stored('3', { to: 'b', note: 'x' })).data).toEqual({ to: 'b', note: 'x' });
});

it.each([
  '',
  'yesterday',
  '5',
  '2026-02-30T00:00:00.000Z',
  '2026-03-02',
  '+012026-03-02T00:00:00.000Z',
  '0000-01-01T00:00:00.000Z',
])('takes what has no instant of ours for no event of ours: %p', (instant) => {
  const event = stored('3', { to: 'b', note: 'x' });
  for (const name of ['recordedAt', 'occurredAt'])
    expect(() => types.decode({ ...event, metadata: { ...event.metadata, [name]: instant } })).toThrow(UnreadableEvent);
});

it.each(['1899-12-31T23:59:59.999Z', '2200-01-01T00:00:00.000Z'])(
  'takes what happened in a year whose time no calendar counts for none either: %p',
  (occurredAt) => {
    const event = stored('3', { to: 'b', note: 'x' });
    expect(() => types.decode({ ...event, metadata: { ...event.metadata, occurredAt } })).toThrow(UnreadableEvent);
  },
);

it('leaves what is stored as it was, so that its hash still fits', () => {
  const event = deepFrozen(stored('1', { from: 'a', by: { id: 'b' } }));
  const text = JSON.stringify(event.data);
  expect(types.decode(event).data).toEqual({ from: 'a', by: { id: 'b' }, to: 'nowhere', note: null });
  expect(JSON.stringify(event.data)).toBe(text);
});

it('refuses a version that nothing leads on from, before any event of it is met', () => {
  const second = { schema: 3, personal: [], plain: [], upcasters: { 1: (data: object) => data } };
  expect(() => new EventTypes().register({ Sent: second })).toThrow('no upcaster from schema 2');
});

it('lets a sealed text move in a new version: it still knows where it was sealed', () => {
  const sealed = { $enc: 1, k: 'p', v: 'v', n: 'n', c: 'c' };
  const renamed = new EventTypes().register({
    Moved: {
      schema: 2,
      personal: ['/remark'],
      plain: [],
      upcasters: { 1: ({ note }: { note?: unknown }) => ({ remark: note }) },
    },
  });
  expect(renamed.decode(stored('1', { note: sealed })).data).toEqual({
    remark: { ...sealed, at: 'e1/note', stream: 'thing-1' },
  });
});

it.each([
  ['a type of a later build', stored('1', {}, 'Flown')],
  ['a version of a later build', stored('4', {})],
  ['no version at all', stored('', {})],
])('stops at %s', (_what, event) => {
  expect(() => types.decode(event)).toThrow(UnknownEventType);
});

it('says of each string what it is', () => {
  expect(types.classOf('Moved', '/note')).toBe('personal');
  expect(types.classOf('Moved', '/people/7/name')).toBe('personal');
  expect(types.classOf('Moved', '/people/7/name/first')).toBe('unclassified');
  expect(types.classOf('Moved', '/to')).toBe('plain');
  expect(types.classOf('Moved', '/secret')).toBe('unclassified');
});

it('tells a sealed value where it was read', () => {
  const sealed = { $enc: 1, k: 'p', v: 'v', n: 'n', c: 'c' };
  expect(types.decode(stored('3', { people: [{ name: sealed }] })).data).toEqual({
    people: [{ name: { ...sealed, at: 'e1/people/0/name', stream: 'thing-1' } }],
  });
});

it('refuses the same name twice', () => {
  expect(() => types.register({ Moved: { schema: 1, personal: [], plain: [] } })).toThrow('twice');
});

it.each([
  [{ schema: 1 }, [1]],
  [{ schema: 3, upcasters: { 1: asIs, 2: asIs } }, [3, 2, 1]],
  [{ schema: 3, upcasters: { 1: asIs, 2: () => ({}) } }, [3]],
  [{ schema: 3, upcasters: { 1: () => ({}), 2: asIs } }, [3, 2]],
])('knows of which versions the data can be read as it is: %j', (type, versions) =>
  expect(versionsAsGood({ personal: [], plain: [], ...type })).toEqual(versions),
);
