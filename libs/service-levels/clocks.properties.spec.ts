import fc from 'fast-check';
import { dueAt } from './calendar';
import { type ClockState, evolveClocks, type ServiceEvent } from './clock-state';
import { elapsedAt, judgeClock, judgeClocks, judgedLater } from './clocks';
import { at, clocksUnder, type Happening, history, HOUR, judged, seconds, toCustomer } from './clocks.given';
import { knownTerms, learnTerms } from './known-terms';
import { clockOf, PRIORITIES, type ServiceLevelPolicy } from './policy';
import { seededCalendars, standardPolicy } from './seeds';

describe('properties', () => {
  const kinds: ServiceEvent['kind'][] = [
    'responded',
    'held',
    'resumed',
    'resolved',
    'closed',
    'reopened',
    'cancelled',
    'classified',
    'assigned',
  ];
  const anyEvent = fc.record({
    step: fc.integer({ min: -3 * HOUR, max: 30 * HOUR }),
    kind: fc.constantFrom(...kinds),
    priority: fc.constantFrom(...PRIORITIES),
    waitingFor: fc.constantFrom('customer', 'supplier', 'internal'),
    byStaff: fc.boolean(),
  });
  /** A case around the spring change of Berlin, with steps backwards in time. */
  const anyHistory = fc.array(anyEvent, { maxLength: 12 }).map((events): ServiceEvent[] => {
    let instant = at('2026-03-26T11:00');
    const opened: ServiceEvent = { at: instant, revision: 0, kind: 'opened', priority: 'P3' };
    const later = events.map(({ step, ...event }, place): ServiceEvent => ({
      ...event,
      at: (instant += step * 1_000),
      revision: place + 1,
    }));
    return [opened, ...later];
  });
  const anyPolicy = fc
    .record({
      priorityChange: fc.constantFrom('carry', 'restart', 'retroactive'),
      reopen: fc.constantFrom('continue', 'new-cycle', 'grace'),
    })
    .map((change): ServiceLevelPolicy => ({ ...standardPolicy, ...change }));

  it('intervals are in order, touch each other, and only the last is open', () => {
    fc.assert(
      fc.property(anyHistory, anyPolicy, (events, by) => {
        for (const { intervals } of clocksUnder(events, by, seededCalendars)) {
          intervals.slice(1).forEach(({ from, startedBy }, place) => {
            expect([from, startedBy]).toEqual([intervals[place]!.to, intervals[place]!.endedBy]);
            expect(from).toBeGreaterThanOrEqual(intervals[place]!.from);
          });
          expect(intervals.at(-1)!.to).toBeNull();
          for (const { counted, cause } of intervals) expect(counted).toBe(cause === 'running');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('elapsed time never shrinks, and never exceeds the time that passed', () => {
    fc.assert(
      fc.property(
        anyHistory,
        anyPolicy,
        fc.array(fc.nat({ max: 400 * HOUR }), { maxLength: 6 }),
        (events, by, shifts) => {
          const start = events[0]!.at;
          for (const clock of clocksUnder(events, by, seededCalendars)) {
            const instants = shifts.sort((a, b) => a - b).map((shift) => start + shift * 1_000);
            const elapsed = instants.map((instant) => elapsedAt(clock, knownTerms, instant));
            elapsed.forEach((value, place) => {
              expect(value).toBeGreaterThanOrEqual(elapsed[place - 1] ?? 0);
              expect(value).toBeLessThanOrEqual(seconds(start, instants[place]!));
            });
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a running clock reaches its target at the due time, and exceeds it at the breach', () => {
    fc.assert(
      fc.property(anyHistory, anyPolicy, (events, by) => {
        for (const clock of clocksUnder(events, by, seededCalendars).filter(({ status }) => status === 'running')) {
          const elapsed = (instant: number | null) => elapsedAt(clock, knownTerms, instant!);
          expect(elapsed(clock.dueAt)).toBe(clock.targetSeconds);
          expect(elapsed(clock.breachesAt)).toBeGreaterThan(clock.targetSeconds);
          if (!clock.bornBreached) expect(elapsed(clock.breachesAt! - 1_000)).toBe(clock.targetSeconds);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is met exactly when the elapsed time does not exceed the target', () => {
    fc.assert(
      fc.property(anyHistory, anyPolicy, (events, by) => {
        for (const clock of clocksUnder(events, by, seededCalendars).filter(({ fulfilledAt }) => fulfilledAt !== null))
          expect(clock.status).toBe(clock.elapsedSeconds <= clock.targetSeconds ? 'met' : 'missed');
      }),
      { numRuns: 300 },
    );
  });

  it('a hold never brings the due time forward', () => {
    const holds = fc.array(fc.tuple(fc.nat({ max: 9 * HOUR }), fc.nat({ max: 70 * HOUR })), { maxLength: 5 });
    fc.assert(
      fc.property(holds, fc.constantFrom(...PRIORITIES), (pauses, priority) => {
        let instant = at('2026-03-27T12:00');
        const opened: Happening = [instant, 'opened', { priority }];
        const happenings = pauses.flatMap(([wait, pause]): Happening[] => [
          [(instant += wait * 1_000), 'held', toCustomer],
          [(instant += pause * 1_000), 'resumed'],
        ]);
        const due = (events: Happening[]) => judged('resolution', history(...events), standardPolicy).dueAt!;
        const target = clockOf(standardPolicy, 'resolution')!.targets[priority]!;
        const calendar = seededCalendars.find(({ id }) => id === target.calendar)!;
        expect(due([opened])).toBe(dueAt(calendar, opened[0], target.targetSeconds));
        for (let count = 2; count <= happenings.length; count += 2)
          expect(due([opened, ...happenings.slice(0, count)])).toBeGreaterThanOrEqual(
            due([opened, ...happenings.slice(0, count - 2)]),
          );
      }),
    );
  });

  it('folding event by event, through JSON, gives the same clocks', () => {
    fc.assert(
      fc.property(anyHistory, anyPolicy, (events, by) => {
        const terms = learnTerms({ policy: by, calendars: seededCalendars });
        let state: ClockState | undefined;
        for (const event of events)
          state = JSON.parse(JSON.stringify(evolveClocks(state, { ...event, terms }, knownTerms))) as ClockState;
        expect(judgeClocks(state!, knownTerms)).toEqual(clocksUnder(events, by, seededCalendars));
      }),
    );
  });

  it('a clock that runs is judged later as it would be anew', () => {
    const anyWait = fc.integer({ min: 0, max: 40 * HOUR * 1_000 });
    fc.assert(
      fc.property(anyHistory, anyPolicy, anyWait, anyWait, (events, by, first, then) => {
        const terms = learnTerms({ policy: by, calendars: seededCalendars });
        let state: ClockState | undefined;
        for (const event of events) state = evolveClocks(state, { ...event, terms }, knownTerms);
        const { tracks, lastAt } = state!;
        for (const track of tracks.filter(({ outcome }) => outcome === 'open'))
          expect(judgedLater(judgeClock(track, lastAt + first, knownTerms), lastAt + then, knownTerms)).toEqual(
            judgeClock(track, lastAt + then, knownTerms),
          );
      }),
    );
  });
});
