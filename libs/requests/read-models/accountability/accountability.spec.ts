import fc from 'fast-check';
import {
  assigned,
  cancelled,
  closed,
  escalated,
  held,
  noted,
  opened,
  reopened,
  resolved,
  resumed,
} from '../../testing/given';
import { RequestEvent } from '../../events';
import { anyHistory } from '../testing/arbitrary-history';
import { rebuilt, startOfDay, timeline } from '../testing/timeline';
import { accountabilityProjection } from './accountability.projection';
import { Accounts, accountsAt, totalsBy } from './accounts';

type Step = readonly [seconds: number, event: RequestEvent];

const accounts = (steps: readonly Step[], { now = 0, origin = 'live' } = {}): Accounts => {
  const row = rebuilt(accountabilityProjection, timeline(steps, origin));
  if (!row) throw new Error('no row');
  return accountsAt(row, startOfDay + now * 1000);
};
const spansOf = ({ spans }: Accounts) =>
  spans.map(({ seconds, stage, team, assignee, ballWith }) => [seconds, stage, team, assignee, ballWith]);
const bob = { team: 'team-1', assignee: 'bob' };

it('gives each stretch to who held the case in it', () =>
  expect(
    spansOf(
      accounts([
        [0, opened()],
        [10, assigned(bob)],
        [40, held],
        [100, resumed],
        [160, resolved],
        [200, closed],
      ]),
    ),
  ).toEqual([
    [10, 'open', null, null, 'nobody'],
    [30, 'open', 'team-1', 'bob', 'staff'],
    [60, 'held', 'team-1', 'bob', 'customer'],
    [60, 'open', 'team-1', 'bob', 'staff'],
    [40, 'resolved', 'team-1', 'bob', 'nobody'],
    [0, 'closed', 'team-1', 'bob', 'nobody'],
  ]));

it('counts an open case up to now', () =>
  expect(
    accounts(
      [
        [0, opened()],
        [10, noted],
      ],
      { now: 25 },
    ).lifetimeSeconds,
  ).toBe(25));
it('counts an imported case up to its last event only', () =>
  expect(
    accounts(
      [
        [0, opened()],
        [10, noted],
      ],
      { now: 25, origin: 'import:b:1' },
    ).lifetimeSeconds,
  ).toBe(10));
it('counts a closed case up to its closing, whatever is written about it later', () =>
  expect(
    accounts(
      [
        [0, opened()],
        [10, closed],
        [50, noted],
        [60, assigned(bob)],
      ],
      { now: 99 },
    ),
  ).toMatchObject({
    hasEnded: true,
    lifetimeSeconds: 10,
  }));
it('counts the time between closing and reopening as closed', () =>
  expect(
    totalsBy(
      accounts([
        [0, opened()],
        [10, closed],
        [70, reopened],
        [75, cancelled],
      ]).spans,
      ({ stage }) => stage,
    ),
  ).toEqual(
    new Map([
      ['open', 15],
      ['closed', 60],
      ['cancelled', 0],
    ]),
  ));
it('gives a step backwards in time no seconds and never goes back', () =>
  expect(
    spansOf(
      accounts([
        [0, opened()],
        [30, assigned(bob)],
        [20, escalated('L2')],
        [50, closed],
      ]),
    ),
  ).toEqual([
    [30, 'open', null, null, 'nobody'],
    [0, 'open', 'team-1', 'bob', 'staff'],
    [20, 'open', 'team-1', 'bob', 'staff'],
    [0, 'closed', 'team-1', 'bob', 'nobody'],
  ]));
it('takes a corrected instant for the instant', () =>
  expect(
    accounts([
      [0, opened()],
      [30, closed],
      [
        90,
        {
          type: 'RequestCorrected',
          data: { corrects: 1, reason: 'late entry', values: { occurredAt: '2026-01-05T09:00:20.000Z' } },
        },
      ],
    ]).lifetimeSeconds,
  ).toBe(20));
it('has no row before the opening', () => expect(rebuilt(accountabilityProjection, timeline([[0, noted]]))).toBeNull());

it('adds up to the lifetime exactly, for spans and totals, in every history', () =>
  fc.assert(
    fc.property(anyHistory, fc.integer({ min: -10_000, max: 90_000 }), (events, now) => {
      const row = rebuilt(accountabilityProjection, events);
      if (!row) return;
      const { spans, lifetimeSeconds, until } = accountsAt(row, startOfDay + now);
      const sum = (seconds: Iterable<number>): number => [...seconds].reduce((total, each) => total + each, 0);
      expect(lifetimeSeconds).toBe(Math.floor((until - row.openedAt) / 1000));
      expect(sum(spans.map(({ seconds }) => seconds))).toBe(lifetimeSeconds);
      for (const key of ['team', 'assignee', 'stage', 'ballWith'] as const)
        expect(sum(totalsBy(spans, (span) => span[key]).values())).toBe(lifetimeSeconds);
    }),
  ));
it('leaves no gap, no overlap and nothing negative between spans', () =>
  fc.assert(
    fc.property(anyHistory, fc.integer({ min: -10_000, max: 90_000 }), (events, now) => {
      const row = rebuilt(accountabilityProjection, events);
      if (!row) return;
      const { spans, until } = accountsAt(row, startOfDay + now);
      expect(spans[0]?.from).toBe(row.openedAt);
      expect(spans.at(-1)?.to).toBe(until);
      spans.forEach((span, index) => {
        expect(span.to).toBeGreaterThanOrEqual(span.from);
        expect(span.seconds).toBeGreaterThanOrEqual(0);
        expect(spans[index + 1]?.from ?? span.to).toBe(span.to);
      });
    }),
  ));
