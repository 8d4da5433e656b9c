import fc from 'fast-check';
import { DateTime } from 'luxon';
import { businessSeconds, dueAt } from './calendar';
import type { Calendar, OpenTimes } from './calendar-definition';
import { type Clock, clocksOf, elapsedAt, judgeClocks, statusAt } from './clocks';
import { type ClockState, evolveClocks, type ServiceEvent } from './clock-state';
import { type Metric, policyFaults, PRIORITIES, type Priority, type ServiceLevelPolicy } from './policy';
import { alwaysCalendar, businessHoursCalendar as EU, seededCalendars, standardPolicy } from './seeds';

const MINUTE = 60;
const HOUR = 3_600;
const at = (text: string, zone = 'Europe/Berlin'): number => DateTime.fromISO(text, { zone }).toMillis();
/** An instant of a plain day around the clock. */
const on = (time: string): number => at(`2026-02-02T${time}`);
const seconds = (from: number, to: number): number => (to - from) / 1_000;

type Times = Record<Metric, number>;
type Targets = Partial<Record<Priority, [Calendar, Partial<Times>]>>;
/** The standard policy with other targets; what is not named is far away, around the clock. */
const policy = (targets: Targets, change: Partial<ServiceLevelPolicy> = {}): ServiceLevelPolicy => ({
  ...standardPolicy,
  ...change,
  targets: Object.fromEntries(
    PRIORITIES.map((priority) => {
      const [calendar, times] = targets[priority] ?? [alwaysCalendar, {}];
      const targetSeconds = { 'first-response': 1e6, resolution: 1e6, ...times };
      return [priority, { calendar: calendar.id, targetSeconds }];
    }),
  ) as ServiceLevelPolicy['targets'],
});
const resolution = (target: number, calendar = alwaysCalendar): Targets => ({ P3: [calendar, { resolution: target }] });
const response = (target: number, calendar = alwaysCalendar): Targets => ({
  P3: [calendar, { 'first-response': target }],
});

type Happening = [instant: number, kind: ServiceEvent['kind'], more?: Partial<ServiceEvent>];
const history = (...happenings: Happening[]): ServiceEvent[] =>
  happenings.map(([instant, kind, more], revision) => ({ at: instant, revision, kind, ...more }));
const toCustomer = { waitingFor: 'customer' } as const;
const byStaff = { byStaff: true };

const find = (clocks: Clock[], metric: Metric): Clock => {
  const found = clocks.filter((clock) => clock.metric === metric).at(-1);
  if (!found) throw new Error(`no ${metric} clock`);
  return found;
};
const judged = (metric: Metric, events: ServiceEvent[], by: ServiceLevelPolicy, ...calendars: Calendar[]): Clock =>
  find(clocksOf(events, by, [...calendars, ...seededCalendars]), metric);

const open: readonly OpenTimes[] = [{ from: '10:00', to: '18:00' }];
const tenToSix: Calendar = {
  ...EU,
  id: 'ten-to-six',
  week: { 1: open, 2: open, 3: open, 4: open, 5: open },
};

describe('worked cases', () => {
  it('case 2: a first answer while closed has taken no time', () => {
    const events = history([at('2026-01-30T19:00'), 'opened'], [at('2026-01-31T11:00'), 'responded', byStaff]);
    const clock = judged('first-response', events, policy(response(HOUR, EU)));
    expect(clock).toMatchObject({ dueAt: at('2026-02-02T10:00'), elapsedSeconds: 0, status: 'met' });
  });

  it('case 8: a pause from 02:30 to 02:30 in the autumn night is an hour', () => {
    const opened: Happening = [at('2026-10-25T01:00'), 'opened'];
    const by = policy(resolution(4 * HOUR));
    expect(judged('resolution', history(opened), by).dueAt).toBe(Date.parse('2026-10-25T04:00+01:00'));
    const held: Happening = [Date.parse('2026-10-25T02:30+02:00'), 'held', toCustomer];
    const resumed: Happening = [Date.parse('2026-10-25T02:30+01:00'), 'resumed'];
    const clock = judged('resolution', history(opened, held, resumed), by);
    expect(clock).toMatchObject({ dueAt: Date.parse('2026-10-25T05:00+01:00'), elapsedSeconds: 90 * MINUTE });
  });

  it('case 11: half an hour on hold moves the due time by as much', () => {
    const by = policy({ P3: [tenToSix, { 'first-response': HOUR, resolution: 4 * HOUR }] });
    const upTo = (count: number) =>
      history(
        [on('12:00'), 'opened'],
        [on('12:30'), 'responded', byStaff],
        [on('12:30'), 'held', toCustomer],
        [on('13:00'), 'resumed'],
        [on('13:30'), 'resolved'],
      ).slice(0, count);
    expect(judged('resolution', upTo(1), by, tenToSix).dueAt).toBe(on('16:00'));
    expect(judged('resolution', upTo(3), by, tenToSix)).toMatchObject({ dueAt: null, status: 'paused' });
    expect(judged('resolution', upTo(4), by, tenToSix).dueAt).toBe(on('16:30'));
    expect(judged('first-response', upTo(5), by, tenToSix)).toMatchObject({ status: 'met', fulfilledAt: on('12:30') });
    expect(judged('resolution', upTo(5), by, tenToSix)).toMatchObject({ status: 'met', elapsedSeconds: 60 * MINUTE });
  });

  it('case 12: a hold over a holiday and a weekend', () => {
    const withHoliday = { ...tenToSix, holidays: ['2026-02-06'] };
    const [held, resumed] = [at('2026-02-05T17:50'), at('2026-02-09T12:30')];
    const events = history(
      [at('2026-02-05T17:30'), 'opened'],
      [held, 'held', toCustomer],
      [resumed, 'resumed'],
      [at('2026-02-09T13:00'), 'resolved'],
    );
    expect(businessSeconds(withHoliday, held, resumed)).toBe(160 * MINUTE);
    const by = policy(resolution(4 * HOUR, withHoliday));
    const expected = { dueAt: at('2026-02-09T16:10'), elapsedSeconds: 50 * MINUTE, status: 'met' };
    expect(judged('resolution', events, by, withHoliday)).toMatchObject(expected);
  });

  it('case 13: two pauses in one minute', () => {
    const events = history(
      [on('10:00:00'), 'opened'],
      [on('10:00:05'), 'held', toCustomer],
      [on('10:00:15'), 'resumed'],
      [on('10:00:40'), 'held', toCustomer],
      [on('10:00:50'), 'resumed'],
      [on('10:01:00'), 'resolved'],
    );
    expect(judged('resolution', events, policy(resolution(HOUR))).elapsedSeconds).toBe(60 - 20);
  });

  it('case 14: time resolved and closed is not counted after reopening', () => {
    const events = history(
      [on('10:00'), 'opened'],
      [on('10:00'), 'resolved'],
      [on('10:00'), 'closed'],
      [on('10:06'), 'reopened'],
    );
    const clock = judged('resolution', events, policy(resolution(5 * MINUTE)));
    expect(clock).toMatchObject({ elapsedSeconds: 0, status: 'running', dueAt: on('10:11'), fulfilledAt: null });
    expect(statusAt(clock, on('10:11'))).toBe('running');
  });

  it('case 15: a new cycle after reopening, and the old one keeps its result', () => {
    const events = history(
      [at('2026-02-02T09:00'), 'opened'],
      [at('2026-02-02T09:05'), 'resolved'],
      [at('2026-02-06T14:00'), 'reopened'],
      [at('2026-02-06T14:10'), 'responded', byStaff],
    );
    const by = policy(response(HOUR), { reopen: 'new-cycle' });
    const clocks = clocksOf(events, by, seededCalendars).filter(({ metric }) => metric === 'first-response');
    expect(clocks).toMatchObject([
      { cycle: 1, elapsedSeconds: 5 * MINUTE, status: 'met' },
      { cycle: 2, elapsedSeconds: 10 * MINUTE, status: 'met' },
    ]);
  });

  it.each([
    ['carry', '12:00'],
    ['restart', '13:00'],
    ['retroactive', '12:00'],
  ] as const)('case 16: raised to a shorter target, %s: due %s', (priorityChange, due) => {
    const by = policy(
      { P3: [alwaysCalendar, { resolution: 3 * HOUR }], P2: [alwaysCalendar, { resolution: 2 * HOUR }] },
      { priorityChange },
    );
    const events = history([on('10:00'), 'opened'], [on('11:00'), 'priority-changed', { priority: 'P2' }]);
    expect(judged('resolution', events, by)).toMatchObject({ dueAt: on(due), priority: 'P2', targetSeconds: 2 * HOUR });
  });

  it('case 17: a clock can be born breached', () => {
    const by = policy(
      { P3: [alwaysCalendar, { resolution: 8 * HOUR }], P1: [alwaysCalendar, { resolution: HOUR }] },
      { priorityChange: 'retroactive' },
    );
    const events = history([on('10:00'), 'opened'], [on('13:00'), 'priority-changed', { priority: 'P1' }]);
    const clock = judged('resolution', events, by);
    expect(clock).toMatchObject({ bornBreached: true, breachesAt: on('13:00'), dueAt: on('11:00'), status: 'running' });
    expect(statusAt(clock, on('13:00'))).toBe('breached');
    expect(judged('resolution', events.slice(0, 1), by).bornBreached).toBe(false);
  });

  it('case 18: a retroactive target keeps the pauses before it', () => {
    const by = policy({ P1: [alwaysCalendar, { resolution: HOUR }] }, { priorityChange: 'retroactive' });
    const events = history(
      [on('10:00'), 'opened'],
      [on('10:10'), 'held', toCustomer],
      [on('10:30'), 'resumed'],
      [on('10:30'), 'priority-changed', { priority: 'P1' }],
    );
    expect(judged('resolution', events, by).dueAt).toBe(on('11:20'));
  });

  it('case 19: a first response stays judged under the priority of its day', () => {
    const by = policy({
      P2: [alwaysCalendar, { 'first-response': HOUR }],
      P4: [alwaysCalendar, { 'first-response': 8 * HOUR }],
    });
    const events = history(
      [on('10:00'), 'opened', { priority: 'P2' }],
      [on('10:40'), 'responded', byStaff],
      [on('11:00'), 'priority-changed', { priority: 'P4' }],
    );
    const expected = { priority: 'P2', targetSeconds: HOUR, elapsedSeconds: 40 * MINUTE, status: 'met' };
    expect(judged('first-response', events, by)).toMatchObject(expected);
  });

  it('case 20: the same case is met under one revision of the policy and missed under the next', () => {
    const events = history([on('10:00'), 'opened'], [on('12:30'), 'resolved']);
    const first = judged('resolution', events, policy(resolution(4 * HOUR)));
    const second = judged('resolution', events, policy(resolution(2 * HOUR), { revision: 2 }));
    expect([first, second]).toMatchObject([
      { status: 'met', policy: { revision: 1 } },
      { status: 'missed', policy: { revision: 2 } },
    ]);
  });

  it('case 21: a holiday added later retracts the breach under its revision, and not under the old one', () => {
    const events = history([at('2026-04-30T16:00'), 'opened']);
    const by = policy(resolution(4 * HOUR, EU));
    const corrected = { ...EU, revision: 2, holidays: ['2026-05-01'] };
    const before = find(clocksOf(events, by, [alwaysCalendar, EU]), 'resolution');
    const after = find(clocksOf(events, by, [alwaysCalendar, corrected]), 'resolution');
    expect(statusAt(before, at('2026-05-01T13:00'))).toBe('breached');
    expect(after).toMatchObject({ dueAt: at('2026-05-04T12:00'), calendar: { id: EU.id, revision: 2 } });
    expect(statusAt(after, at('2026-05-01T13:00'))).toBe('running');
  });

  it('case 26: answered and put on hold at once', () => {
    const events = history(
      [on('10:00'), 'opened'],
      [on('10:02'), 'held', toCustomer],
      [on('10:02'), 'responded', byStaff],
    );
    const by = policy(response(5 * MINUTE), {
      pausedWaitingFor: { 'first-response': ['customer'], resolution: ['customer'] },
    });
    expect(judged('first-response', events, by)).toMatchObject({ status: 'met', elapsedSeconds: 2 * MINUTE });
  });

  it('case 27: what a customer writes is no first response', () => {
    const events = history(
      [on('10:00'), 'opened'],
      [on('10:02'), 'responded', { byStaff: false }],
      [on('10:03'), 'assigned'],
    );
    const clock = judged('first-response', events, policy(response(5 * MINUTE)));
    expect(clock).toMatchObject({ status: 'running', dueAt: on('10:05') });
  });

  it.each([
    [28_786, 'met'],
    [28_800, 'met'],
    [28_801, 'missed'],
  ])('case 29: resolved after %d of 28800 s: %s', (elapsed, status) => {
    const events = history([on('10:00'), 'opened'], [on('10:00') + elapsed * 1_000, 'resolved']);
    const clock = judged('resolution', events, policy(resolution(28_800)));
    expect(clock).toMatchObject({ elapsedSeconds: elapsed, status });
  });

  it('case 31: time under two calendars is counted by each', () => {
    const chicago = daily('America/Chicago', '07:00', '21:00');
    const sanFrancisco = daily('America/Los_Angeles', '08:00', '17:30');
    const by = policy({ P3: [chicago, {}], P2: [sanFrancisco, {}] });
    const events = history(
      [Date.parse('2020-09-29T17:01:38Z'), 'opened'],
      [Date.parse('2020-09-30T19:01:25Z'), 'priority-changed', { priority: 'P2' }],
      [Date.parse('2020-09-30T19:01:46Z'), 'responded', byStaff],
    );
    const clock = judged('first-response', events, by, chicago, sanFrancisco);
    // 538 min 22 s, 421 min 25 s, and 21 s; published as 959.46 min, from an opening rounded up to 17:02.
    expect(clock.elapsedSeconds).toBe(32_302 + 25_285 + 21);
  });

  it('case 33: a target that is never reached is refused when the policy is saved', () => {
    expect(policyFaults(standardPolicy, seededCalendars)).toEqual([]);
    expect(policyFaults(policy(resolution(1e10)), seededCalendars)).toEqual([
      'P3: the resolution target is not reached within 50 years',
    ]);
    expect(policyFaults(policy(resolution(0.5)), seededCalendars)).toHaveLength(1);
    expect(policyFaults(standardPolicy, [alwaysCalendar])).toHaveLength(3);
  });

  it('case 34: revision orders what happened in the same second', () => {
    const events = history([on('10:00'), 'opened'], [on('10:05'), 'held', toCustomer], [on('10:05'), 'resumed']);
    const by = policy(resolution(HOUR));
    expect(judged('resolution', [...events].reverse(), by)).toEqual(judged('resolution', events, by));
    expect(judged('resolution', events, by).status).toBe('running');
    const swapped = events.map((event) => ({ ...event, revision: event.revision === 0 ? 0 : 3 - event.revision }));
    expect(judged('resolution', swapped, by).status).toBe('paused');
  });
});

describe('clocks', () => {
  const by = policy({ P3: [alwaysCalendar, { 'first-response': HOUR, resolution: 2 * HOUR }] });

  it('name the events that began and ended each interval', () => {
    const events = history(
      [on('10:00'), 'opened'],
      [on('10:10'), 'held', toCustomer],
      [on('10:30'), 'resumed'],
      [on('10:40'), 'resolved'],
    );
    const spans = judged('resolution', events, by).intervals.map(({ from, to, cause, counted, startedBy, endedBy }) => [
      from,
      to,
      cause,
      counted,
      startedBy,
      endedBy,
    ]);
    expect(spans).toEqual([
      [on('10:00'), on('10:10'), 'running', true, 0, 1],
      [on('10:10'), on('10:30'), 'held', false, 1, 2],
      [on('10:30'), on('10:40'), 'running', true, 2, 3],
      [on('10:40'), null, 'ended', false, 3, null],
    ]);
  });

  it('do not pause while staff or a supplier is waited for', () => {
    for (const waitingFor of ['supplier', 'internal'] as const) {
      const clock = judged('resolution', history([on('10:00'), 'opened'], [on('10:10'), 'held', { waitingFor }]), by);
      expect(clock).toMatchObject({ status: 'running', dueAt: on('12:00') });
    }
  });

  it('are breached one second after the due time, and stay breached on hold', () => {
    const clock = judged('resolution', history([on('10:00'), 'opened']), by);
    expect([on('12:00'), on('12:00:01')].map((now) => statusAt(clock, now))).toEqual(['running', 'breached']);
    const held = judged('resolution', history([on('10:00'), 'opened'], [on('12:30'), 'held', toCustomer]), by);
    expect(held).toMatchObject({ status: 'paused', dueAt: on('12:00'), breachesAt: on('12:00:01') });
    expect(statusAt(held, on('12:30'))).toBe('breached');
    const early = judged('resolution', history([on('10:00'), 'opened'], [on('11:30'), 'held', toCustomer]), by);
    expect(statusAt(early, on('23:00'))).toBe('paused');
  });

  it('due at the end of a day are breached in the first second of the next', () => {
    const clock = judged('resolution', history([at('2026-02-06T16:00'), 'opened']), policy(resolution(HOUR, EU)));
    expect(clock).toMatchObject({ dueAt: at('2026-02-06T17:00'), breachesAt: at('2026-02-09T09:00:01') });
    expect(statusAt(clock, at('2026-02-07T12:00'))).toBe('running');
  });

  it('are both fulfilled by resolving, or by closing what was never resolved', () => {
    for (const kind of ['resolved', 'closed'] as const) {
      const clocks = clocksOf(history([on('10:00'), 'opened'], [on('11:30'), kind]), by, seededCalendars);
      expect(clocks.map(({ status }) => status)).toEqual(['missed', 'met']);
    }
    const both = history([on('10:00'), 'opened'], [on('11:30'), 'resolved'], [on('15:00'), 'closed']);
    expect(judged('resolution', both, by)).toMatchObject({ status: 'met', fulfilledAt: on('11:30') });
  });

  it('end with a cancelled case, and go on when it is reopened', () => {
    const events = history([on('10:00'), 'opened'], [on('10:20'), 'cancelled'], [on('11:00'), 'reopened']);
    const cancelled = clocksOf(events.slice(0, 2), by, seededCalendars);
    expect(cancelled).toMatchObject([
      { status: 'cancelled', dueAt: null },
      { status: 'cancelled', breachesAt: null },
    ]);
    expect(judged('first-response', events, by)).toMatchObject({ status: 'running', dueAt: on('11:40') });
  });

  it('resolved late are missed for good, unless reopening shows that they were not', () => {
    const events = history([on('10:00'), 'opened'], [on('13:00'), 'resolved'], [on('14:00'), 'reopened']);
    expect(judged('resolution', events.slice(0, 2), by)).toMatchObject({
      status: 'missed',
      breachesAt: on('12:00:01'),
    });
    expect(statusAt(judged('resolution', events, by), on('14:00'))).toBe('breached');
  });

  it('take over a priority that changed while the case was resolved', () => {
    const targets: Targets = {
      P3: [alwaysCalendar, { resolution: 2 * HOUR }],
      P2: [alwaysCalendar, { resolution: HOUR }],
    };
    const events = history(
      [on('10:00'), 'opened'],
      [on('10:30'), 'resolved'],
      [on('11:00'), 'priority-changed', { priority: 'P2' }],
      [on('12:00'), 'reopened'],
    );
    expect(judged('resolution', events.slice(0, 3), policy(targets))).toMatchObject({ priority: 'P3', status: 'met' });
    expect(judged('resolution', events, policy(targets))).toMatchObject({ priority: 'P2', dueAt: on('12:30') });
  });

  it('keep what a restart set aside', () => {
    const events = history(
      [on('10:00'), 'opened'],
      [on('11:00'), 'priority-changed', { priority: 'P2' }],
      [on('11:10'), 'assigned'],
    );
    const clock = judged('resolution', events, policy({}, { priorityChange: 'restart' }));
    expect(clock).toMatchObject({ startedAt: on('11:00'), elapsedSeconds: 600 });
    expect(clock.intervals.map(({ cause }) => cause)).toEqual(['superseded', 'running']);
  });

  it('count steps backwards in time as 0, and no stretch twice', () => {
    const events = history(
      [on('10:00'), 'opened'],
      [on('11:00'), 'held', toCustomer],
      [on('10:30'), 'resumed'],
      [on('12:00'), 'resolved'],
    );
    expect(judged('resolution', events, by)).toMatchObject({ elapsedSeconds: 2 * HOUR, status: 'met' });
  });

  it('are none before the case is opened, and use the policy for a missing priority', () => {
    expect(clocksOf(history([on('10:00'), 'held', toCustomer]), by, seededCalendars)).toEqual([]);
    expect(clocksOf(history([on('10:00'), 'opened']), by, seededCalendars).map(({ priority }) => priority)).toEqual([
      'P3',
      'P3',
    ]);
  });

  it('cannot be judged without their calendar', () => {
    expect(() => clocksOf(history([on('10:00'), 'opened']), standardPolicy, [alwaysCalendar])).toThrow(RangeError);
  });
});

describe('properties', () => {
  const kinds: ServiceEvent['kind'][] = [
    'responded',
    'held',
    'resumed',
    'resolved',
    'closed',
    'reopened',
    'cancelled',
    'priority-changed',
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
      reopen: fc.constantFrom('continue', 'new-cycle'),
    })
    .map((change): ServiceLevelPolicy => ({ ...standardPolicy, ...change }));

  it('intervals are in order, touch each other, and only the last is open', () => {
    fc.assert(
      fc.property(anyHistory, anyPolicy, (events, by) => {
        for (const { intervals } of clocksOf(events, by, seededCalendars)) {
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
          for (const clock of clocksOf(events, by, seededCalendars)) {
            const instants = shifts.sort((a, b) => a - b).map((shift) => start + shift * 1_000);
            const elapsed = instants.map((instant) => elapsedAt(clock, seededCalendars, instant));
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
        for (const clock of clocksOf(events, by, seededCalendars).filter(({ status }) => status === 'running')) {
          const elapsed = (instant: number | null) => elapsedAt(clock, seededCalendars, instant!);
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
        for (const clock of clocksOf(events, by, seededCalendars).filter(({ fulfilledAt }) => fulfilledAt !== null))
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
        const target = standardPolicy.targets[priority];
        const calendar = seededCalendars.find(({ id }) => id === target.calendar)!;
        expect(due([opened])).toBe(dueAt(calendar, opened[0], target.targetSeconds.resolution));
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
        let state: ClockState | undefined;
        for (const event of events) state = JSON.parse(JSON.stringify(evolveClocks(state, event, by))) as ClockState;
        expect(judgeClocks(state!, by, seededCalendars)).toEqual(clocksOf(events, by, seededCalendars));
      }),
    );
  });
});

function daily(zone: string, from: string, to: string): Calendar {
  const times = [{ from, to }];
  const week = { 1: times, 2: times, 3: times, 4: times, 5: times, 6: times, 7: times };
  return { id: zone, revision: 1, zone, week, holidays: [] };
}
