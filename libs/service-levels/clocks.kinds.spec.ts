import fc from 'fast-check';
import { type ClockState, evolveClocks, type ServiceEvent } from './clock-state';
import { clocksOf, elapsedAt, judgeClocks, statusAt } from './clocks';
import { at, HOUR } from './clocks.given';
import { knownTerms, learnTerms } from './known-terms';
import { CHANGES, type ClockDefinition, type PolicyBody, PRIORITIES, REOPENINGS, type TermsKey } from './policy';
import {
  firstResponse,
  nextResponse,
  periodicUpdate,
  resolution,
  seededCalendars,
  standardPolicy,
  teamTime,
} from './seeds';

/** Clocks of every kind, under policies of every kind, through histories of every kind. */
const kinds = [firstResponse, resolution, nextResponse, periodicUpdate, teamTime];

const anyClock = (kind: Omit<ClockDefinition, 'targets'>): fc.Arbitrary<ClockDefinition> =>
  fc
    .record({
      pause: fc.subarray(['waiting-customer', 'waiting-supplier', 'unassigned'] as const),
      targets: fc.array(fc.option(fc.integer({ min: 1, max: 40 * HOUR })), { minLength: 5, maxLength: 5 }),
      calendar: fc.constantFrom('always', 'business-hours'),
    })
    .map(({ pause, targets, calendar }) => ({
      ...{ ...kind, pause },
      targets: Object.fromEntries(
        PRIORITIES.flatMap((priority, place) => {
          const targetSeconds = targets[place];
          return targetSeconds ? [[priority, { calendar, targetSeconds }]] : [];
        }),
      ),
    }));

const anyTerms: fc.Arbitrary<TermsKey> = fc
  .record({
    clocks: fc.tuple(...kinds.map(anyClock)),
    wanted: fc.subarray(
      kinds.map(({ metric }) => metric),
      { minLength: 1 },
    ),
    priorityChange: fc.constantFrom(...CHANGES),
    policyChange: fc.constantFrom(...CHANGES),
    reopen: fc.constantFrom(...REOPENINGS),
    reopenGraceSeconds: fc.integer({ min: 0, max: 30 * HOUR }),
  })
  .map(({ clocks, wanted, ...fields }) => {
    const body: PolicyBody = {
      ...standardPolicy,
      ...fields,
      clocks: clocks.filter(({ metric }) => wanted.includes(metric)),
    };
    return learnTerms({ policy: { ...body, id: 'any', revision: 1 }, calendars: seededCalendars });
  });

const anyEvent = fc.record({
  step: fc.integer({ min: -3 * HOUR, max: 30 * HOUR }),
  kind: fc.constantFrom<ServiceEvent['kind']>(
    ...(['responded', 'noted', 'held', 'resumed', 'resolved', 'closed', 'reopened'] as const),
    ...(['cancelled', 'classified', 'assigned', 'escalated'] as const),
  ),
  priority: fc.constantFrom(...PRIORITIES),
  waitingFor: fc.constantFrom('customer', 'supplier', 'internal'),
  by: fc.constantFrom('staff', 'customer', 'automatic'),
  team: fc.constantFrom('one', 'two', null),
  moves: fc.integer({ min: 0, max: 5 }),
});

/** A case around the spring change of Berlin, now and then moved to other terms. */
const anyCase = fc
  .tuple(fc.array(anyTerms, { minLength: 2, maxLength: 2 }), fc.array(anyEvent, { maxLength: 14 }))
  .map(([keys, events]): ServiceEvent[] => {
    let instant = at('2026-03-26T11:00');
    const [first = '', second = ''] = keys;
    const opened: ServiceEvent = {
      at: instant,
      revision: 0,
      kind: 'opened',
      priority: 'P3',
      team: 'one',
      terms: first,
    };
    const later = events.map(({ step, moves, ...event }, place): ServiceEvent => {
      instant += step * 1_000;
      const terms = event.kind === 'assigned' && moves === 0 ? { terms: second } : {};
      return { ...event, assignee: null, at: instant, revision: place + 1, ...terms };
    });
    return [opened, ...later];
  });

const folded = (events: readonly ServiceEvent[]): ClockState => {
  let state: ClockState | undefined;
  for (const event of events) state = evolveClocks(state, event, knownTerms);
  if (!state) throw new Error('nothing was opened');
  return state;
};

it('keep intervals that touch each other and name their events, whatever begins, pauses and ends them', () => {
  fc.assert(
    fc.property(anyCase, (events) => {
      for (const { intervals, cycle, metric } of clocksOf(events, knownTerms)) {
        intervals.slice(1).forEach(({ from, startedBy }, place) => {
          expect([metric, cycle, from, startedBy]).toEqual([
            metric,
            cycle,
            intervals[place]!.to,
            intervals[place]!.endedBy,
          ]);
        });
        expect(intervals.filter(({ to }) => to === null)).toHaveLength(1);
        for (const { counted, cause } of intervals) expect(counted).toBe(cause === 'running');
      }
    }),
    { numRuns: 500 },
  );
});

it('count what adds up over any split of the time, and never shrinks', () => {
  fc.assert(
    fc.property(anyCase, fc.array(fc.nat({ max: 400 * HOUR }), { minLength: 3, maxLength: 3 }), (events, shifts) => {
      const [a, b, c] = shifts.sort((x, y) => x - y).map((shift) => events[0]!.at + shift * 1_000) as [
        number,
        number,
        number,
      ];
      for (const clock of clocksOf(events, knownTerms)) {
        const between = (from: number, to: number) =>
          elapsedAt(
            { intervals: clock.intervals.map((each) => ({ ...each, from: Math.max(each.from, from) })) },
            knownTerms,
            to,
          );
        expect(between(a, b) + between(b, c)).toBe(between(a, c));
        expect(elapsedAt(clock, knownTerms, a)).toBeLessThanOrEqual(elapsedAt(clock, knownTerms, b));
      }
    }),
    { numRuns: 500 },
  );
});

it('are the same however often and whenever they are looked at meanwhile', () => {
  fc.assert(
    fc.property(anyCase, fc.array(fc.nat({ max: 400 * HOUR }), { maxLength: 5 }), (events, instants) => {
      let state: ClockState | undefined;
      for (const event of events) {
        // Stored and read back, and judged at any instants in between.
        state = JSON.parse(JSON.stringify(evolveClocks(state, event, knownTerms))) as ClockState;
        for (const clock of judgeClocks(state, knownTerms))
          for (const shift of instants) statusAt(clock, events[0]!.at + shift * 1_000);
      }
      expect(judgeClocks(state!, knownTerms)).toEqual(clocksOf(events, knownTerms));
    }),
    { numRuns: 300 },
  );
});

it('do not depend on what happens in other cases meanwhile', () => {
  fc.assert(
    fc.property(anyCase, anyCase, fc.infiniteStream(fc.boolean()), (one, other, turns) => {
      const states = new Map<string, ClockState | undefined>();
      const waiting = { one: [...one], other: [...other] };
      while (waiting.one.length || waiting.other.length) {
        const name = !waiting.other.length || (waiting.one.length && turns.next().value) ? 'one' : 'other';
        states.set(name, evolveClocks(states.get(name), waiting[name].shift()!, knownTerms));
      }
      expect([states.get('one'), states.get('other')]).toEqual([folded(one), folded(other)]);
    }),
    { numRuns: 300 },
  );
});

it('are met exactly when no more than the target has passed, and are due when it has', () => {
  fc.assert(
    fc.property(anyCase, (events) => {
      for (const clock of clocksOf(events, knownTerms)) {
        const { status, elapsedSeconds, targetSeconds, dueAt, bornBreached } = clock;
        if (status === 'met' || status === 'missed') expect(status === 'met').toBe(elapsedSeconds <= targetSeconds);
        if (status === 'running' && !bornBreached) expect(elapsedAt(clock, knownTerms, dueAt!)).toBe(targetSeconds);
        for (const { at: warned, share } of clock.warnings)
          expect(elapsedAt(clock, knownTerms, warned)).toBe(Math.ceil((targetSeconds * (share ?? 0)) / 100));
      }
    }),
    { numRuns: 500 },
  );
});

it('are due no earlier for a pause more', () => {
  fc.assert(
    fc.property(anyTerms, fc.nat({ max: 20 * HOUR }), fc.nat({ max: 50 * HOUR }), (terms, wait, pause) => {
      const start = at('2026-03-27T12:00');
      const opened: ServiceEvent = { at: start, revision: 0, kind: 'opened', priority: 'P3', team: 'one', terms };
      const held: ServiceEvent = { at: start + wait * 1_000, revision: 1, kind: 'held', waitingFor: 'customer' };
      const resumed: ServiceEvent = { at: held.at + pause * 1_000, revision: 2, kind: 'resumed' };
      const due = (events: ServiceEvent[]) => clocksOf(events, knownTerms).map(({ dueAt }) => dueAt ?? Infinity);
      const without = due([opened]);
      due([opened, held, resumed]).forEach((instant, place) => expect(instant).toBeGreaterThanOrEqual(without[place]!));
    }),
    { numRuns: 300 },
  );
});
