import fc from 'fast-check';
import { judgeClocks } from '../../../service-levels/clocks';
import { knownTerms } from '../../../service-levels/known-terms';
import { assigned, held, opened, resolved, resumed } from '../../testing/given';
import { accountabilityProjection } from '../accountability/accountability.projection';
import { anyHistory } from '../testing/arbitrary-history';
import { rebuilt, startOfDay, timeline } from '../testing/timeline';
import { heldBy } from './held-by';
import { serviceLevelsProjection } from './service-levels.projection';

const joined = (events: Parameters<typeof rebuilt>[1], now: number) => {
  const clocks = rebuilt(serviceLevelsProjection, events)?.clocks;
  const row = rebuilt(accountabilityProjection, events);
  if (!clocks || !row) throw new Error('no case');
  const until = Math.max(now, clocks.lastAt);
  return judgeClocks(clocks, knownTerms).map((clock) => ({
    clock,
    held: heldBy(clock, row, knownTerms, until),
    until,
  }));
};

it('says who had the case while the clock ran, and whom it stood still for', () => {
  const events = timeline([
    [0, opened()],
    [60, assigned({ team: 'team-1', assignee: null })],
    [160, assigned({ team: 'team-1', assignee: 'bob' })],
    [360, held],
    [460, resumed],
    [560, resolved],
  ]);
  const [, resolution] = joined(events, startOfDay);
  expect(resolution?.held).toEqual({
    parts: [
      { holder: 'nobody', id: null, countedSeconds: 60, pausedSeconds: 0 },
      { holder: 'team', id: 'team-1', countedSeconds: 100, pausedSeconds: 0 },
      { holder: 'agent', id: 'bob', countedSeconds: 300, pausedSeconds: 0 },
      { holder: 'customer', id: null, countedSeconds: 0, pausedSeconds: 100 },
    ],
    ...{ outsideHoursSeconds: 0, countedSeconds: 460, pausedSeconds: 100, wallSeconds: 560 },
  });
});

it('keeps the time outside hours apart', () => {
  // From nine in the morning in UTC, which is ten in Berlin, until the same time of the next day: eight of 24 hours.
  const [, resolution] = joined(timeline([[0, opened({ priority: 'P4', team: 'team-1' })]]), startOfDay + 86_400_000);
  expect(resolution?.held).toMatchObject({
    parts: [{ holder: 'team', id: 'team-1', countedSeconds: 8 * 3_600 }],
    ...{ outsideHoursSeconds: 16 * 3_600, wallSeconds: 86_400 },
  });
});

it('adds up to the elapsed seconds and to the wall clock, whatever happened', () => {
  fc.assert(
    fc.property(anyHistory, fc.nat({ max: 500_000_000 }), (events, later) => {
      for (const { clock, held: split, until } of joined(events, startOfDay + later)) {
        const { parts, outsideHoursSeconds, countedSeconds, pausedSeconds, wallSeconds } = split;
        const sum = (of: 'countedSeconds' | 'pausedSeconds') => parts.reduce((all, part) => all + part[of], 0);
        const going = clock.intervals.filter(({ cause }) => cause === 'running' || cause === 'held');
        const wall = going.map(
          ({ from, to }) => Math.floor(Math.min(to ?? until, until) / 1000) - Math.floor(from / 1000),
        );
        expect(sum('countedSeconds')).toBe(countedSeconds);
        expect(sum('pausedSeconds')).toBe(pausedSeconds);
        expect(countedSeconds + pausedSeconds + outsideHoursSeconds).toBe(wallSeconds);
        expect(wallSeconds).toBe(wall.reduce((all, seconds) => all + seconds, 0));
        if (clock.fulfilledAt !== null) expect(countedSeconds).toBe(clock.elapsedSeconds);
      }
    }),
    { numRuns: 300 },
  );
});
