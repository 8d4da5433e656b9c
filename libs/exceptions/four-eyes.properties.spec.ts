import fc from 'fast-check';
import { Rejection } from '../eventing/rejection';
import { recorded } from '../eventing/testing/specification';
import { amend } from './commands/amend/amend';
import { approve, delegate, reject, revokeDelegation, withdrawApproval } from './commands/approve/approve';
import { assess } from './commands/assess/assess';
import { assign } from './commands/assign/assign';
import { renew } from './commands/renew/renew';
import { ExceptionEvent } from './events';
import { evolveException, ExceptionCase, ExistingException, noException } from './exception';
import { assessed, number, opened } from './testing/given';
import { goneOff, tell } from './timers';

/**
 * Four eyes, shown on whole histories by a model that knows nothing of the state: it reads the events alone, and works out anew who had
 * a part in what and which approvals were alive when the exception began to hold.
 */
const people = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const officials: readonly string[] = ['a', 'b', 'c', 'd', 'e', 'f'];
const person = fc.constantFrom(...people);
const day = 86_400_000;
const begin = Date.UTC(2026, 0, 5);
const iso = (dayNumber: number): string => new Date(begin + dayNumber * day).toISOString();

interface Order {
  readonly what: keyof typeof rules;
  readonly by: string;
  readonly to: string;
  readonly chance: number;
  /** Days that pass before it. */
  readonly days: number;
}

type Rule = (order: Order, state: ExceptionCase, today: number) => readonly ExceptionEvent[];

const decider = (by: string) => ({ by, hasAuthority: officials.includes(by) });

const rules = {
  approve: ({ by }, state, today) => approve({ ...decider(by), behalfOf: null, now: iso(today) }, state),
  standIn: ({ by, to }, state, today) => approve({ ...decider(by), behalfOf: to, now: iso(today) }, state),
  standInWhereGiven: ({ chance }, state, today) => {
    const delegations = state.status === 'none' ? [] : state.delegations;
    const taken = delegations[chance % Math.max(delegations.length, 1)];
    return taken ? approve({ ...decider(taken.to), behalfOf: taken.by, now: iso(today) }, state) : [];
  },
  delegate: ({ by, to }, state) => delegate({ ...decider(by), to }, state),
  revoke: ({ by, to }, state) => revokeDelegation({ by, to }, state),
  withdraw: ({ by }, state) => withdrawApproval({ by, reason: 'x' }, state),
  reject: ({ by }, state) => reject({ ...decider(by), reason: 'x' }, state),
  amend: ({ by }, state, today) => amend({ by, why: 'x', now: iso(today) }, state),
  assess: ({ chance }, state) =>
    assess({ severity: chance % 2 ? 'low' : 'high', impact: 'medium', reasoning: 'x', by: 'z' }, state),
  assign: ({ to }, state) => assign({ owner: to, dueAt: undefined }, state),
  renew: ({ by, chance }, state, today) =>
    renew({ by, until: iso(today + chance), reason: 'x', now: iso(today) }, state),
  time: (_order, state, today) =>
    goneOff(state, begin + today * day).flatMap((timer) =>
      tell(timer, begin + today * day, state).map(({ type, data }) => ({ type, data }) as ExceptionEvent),
    ),
} as const satisfies Record<string, Rule>;

const often: readonly Order['what'][] = [
  ...(['approve', 'approve', 'approve', 'approve', 'approve', 'standInWhereGiven', 'standInWhereGiven'] as const),
  ...(['standIn', 'delegate', 'delegate', 'assess', 'time', 'renew', 'renew'] as const),
  ...(['revoke', 'withdraw', 'reject', 'amend', 'assign'] as const),
];
const orders = fc.array(
  fc.record<Order>({
    what: fc.constantFrom(...often),
    by: person,
    to: person,
    chance: fc.nat(25),
    days: fc.constantFrom(0, 0, 0, 0, 0, 1, 7),
  }),
  { minLength: 5, maxLength: 40, size: 'max' },
);

/** The history that a sequence of orders leads to; what is refused leaves nothing. */
const historyOf = (
  given: readonly Order[],
  seen: (state: ExceptionCase) => ExceptionCase = (state) => state,
): { readonly events: readonly ExceptionEvent[]; readonly states: readonly ExceptionCase[] } => {
  const events: ExceptionEvent[] = [opened({ by: 'a', owner: 'b', until: iso(20) }), assessed];
  let state = recorded('exception', number, events).reduce(evolveException, noException);
  const states = [state];
  let today = 0;
  for (const order of given) {
    today += order.days;
    for (const event of decided(order, seen(state), today)) {
      state = recorded('exception', number, [event]).reduce(evolveException, state);
      events.push(event);
      states.push(state);
    }
  }
  return { events, states };
};

const decided = (order: Order, state: ExceptionCase, today: number): readonly ExceptionEvent[] => {
  try {
    return rules[order.what](order, state, today);
  } catch (error) {
    if (error instanceof Rejection) return [];
    throw error;
  }
};

interface Alive {
  readonly by: string;
  readonly behalfOf: string | null;
}

/** What is wrong with a history; worked out from its events alone. */
const faults = (events: readonly ExceptionEvent[]): readonly string[] => {
  const found: string[] = [];
  const parties = new Set<string>();
  const places = new Set<string>();
  let owner = '';
  let alive: Alive[] = [];
  let holds: readonly Alive[] = [];
  const over = (): void => {
    alive = [];
    holds = [];
  };
  for (const { type, data } of events)
    switch (type) {
      case 'ExceptionOpened':
        parties.add(data.by).add(data.owner);
        owner = data.owner;
        break;
      case 'ExceptionAmended':
        parties.add(data.by);
        over();
        break;
      case 'ExceptionAssessed':
        over();
        break;
      case 'ExceptionAssigned':
        parties.add(data.owner);
        owner = data.owner;
        if ([...alive, ...holds].some(({ by, behalfOf }) => by === owner || behalfOf === owner))
          found.push(`${owner} owns what they approved`);
        break;
      case 'ExceptionRenewalRequested':
        parties.add(data.by);
        alive = [];
        break;
      case 'ExceptionApprovalDelegated':
        if (!officials.includes(data.by)) found.push(`${data.by} gave a place that they have not`);
        places.add(`${data.by} ${data.to}`);
        break;
      case 'ExceptionDelegationRevoked':
        places.delete(`${data.by} ${data.to}`);
        break;
      case 'ExceptionApprovalGiven': {
        const { by, behalfOf } = data;
        if (behalfOf === null ? !officials.includes(by) : !places.has(`${behalfOf} ${by}`))
          found.push(`${by} approved without authority`);
        for (const each of [by, behalfOf])
          if (each !== null && parties.has(each)) found.push(`${each} has a part in it`);
        alive.push(data);
        break;
      }
      case 'ExceptionApprovalWithdrawn':
        if (holds.some(({ by }) => by === data.approver)) {
          alive = holds.filter(({ by }) => by !== data.approver);
          holds = [];
        } else alive = alive.filter(({ by }) => by !== data.approver);
        break;
      case 'ExceptionRejected':
        alive = [];
        break;
      case 'ExceptionExpired':
        holds = [];
        break;
      case 'ExceptionApproved': {
        const eyes = alive.flatMap(({ by, behalfOf }) => (behalfOf === null ? [by] : [by, behalfOf]));
        if (alive.length !== 2) found.push(`it holds by ${alive.length} approvals`);
        if (new Set(eyes).size !== eyes.length) found.push(`one person twice: ${eyes.join(' ')}`);
        if (JSON.stringify(data.approvers) !== JSON.stringify(alive.map(({ by }) => by))) found.push('it names others');
        holds = alive;
        alive = [];
        break;
      }
      default:
    }
  return found;
};

const runs = 2_000;
const rarelyMin = 20;
const holdsByTwo = (state: ExceptionCase): boolean =>
  state.status === 'none' || state.granted.length === (state.status === 'approved' ? 2 : 0);

it('holds in every history of orders, refused or not, with delegations, withdrawals, amendments, owners and renewals', () => {
  const seen = { held: 0, heldAgain: 0, stoodIn: 0, withdrawn: 0 };
  fc.assert(
    fc.property(orders, (given) => {
      const { events, states } = historyOf(given);
      const count = (type: ExceptionEvent['type']): number => events.filter((event) => event.type === type).length;
      seen.held += Number(count('ExceptionApproved') > 0);
      seen.heldAgain += Number(count('ExceptionApproved') > 1);
      seen.withdrawn += Number(count('ExceptionApprovalWithdrawn') > 0);
      seen.stoodIn += Number(events.some(({ data }) => 'behalfOf' in data && data.behalfOf !== null));
      return faults(events).length === 0 && states.every(holdsByTwo);
    }),
    { numRuns: runs },
  );
  // A property over histories in which none of this ever happens would say nothing.
  expect(Object.entries(seen).filter(([, histories]) => histories < rarelyMin)).toEqual([]);
});

const blindness: Readonly<Record<string, (state: ExistingException) => ExistingException>> = {
  'forgets who has a part in it': (state) => ({ ...state, parties: [] }),
  'takes every place for given': (state) => ({
    ...state,
    delegations: people.flatMap((by) => people.map((to) => ({ by, to }))),
  }),
  'believes that another has approved': (state) =>
    state.approvals.length ? state : { ...state, approvals: [{ by: 'x', behalfOf: null }] },
  'does not know who has approved': (state) => ({
    ...state,
    approvals: state.approvals.map((_, index) => ({ by: String(index), behalfOf: null })),
  }),
};

it.each(Object.entries(blindness))('would be seen to fail in a rule that %s', (_what, blind) => {
  const seen = (state: ExceptionCase): ExceptionCase => (state.status === 'none' ? state : blind(state));
  const { failed } = fc.check(
    fc.property(orders, (given) => faults(historyOf(given, seen).events).length === 0),
    { numRuns: runs },
  );
  expect(failed).toBe(true);
});
