import { statusAt } from './clocks';
import {
  at,
  byStaff,
  clocksUnder,
  history,
  HOUR,
  judged,
  MINUTE,
  on,
  policy,
  resolution,
  type Targets,
  toCustomer,
} from './clocks.given';
import { alwaysCalendar, businessHoursCalendar as EU, seededCalendars, standardPolicy } from './seeds';

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
      const clocks = clocksUnder(history([on('10:00'), 'opened'], [on('11:30'), kind]), by, seededCalendars);
      expect(clocks.map(({ status }) => status)).toEqual(['missed', 'met']);
    }
    const both = history([on('10:00'), 'opened'], [on('11:30'), 'resolved'], [on('15:00'), 'closed']);
    expect(judged('resolution', both, by)).toMatchObject({ status: 'met', fulfilledAt: on('11:30') });
  });

  it('end with a cancelled case, and go on when it is reopened', () => {
    const events = history([on('10:00'), 'opened'], [on('10:20'), 'cancelled'], [on('11:00'), 'reopened']);
    const cancelled = clocksUnder(events.slice(0, 2), by, seededCalendars);
    expect(cancelled).toMatchObject([
      { status: 'cancelled', dueAt: null },
      { status: 'cancelled', breachesAt: null },
    ]);
    expect(judged('first-response', events, by)).toMatchObject({ status: 'running', dueAt: on('11:40') });
  });

  it('of a first response stay as they ended when the case is reopened', () => {
    const events = history(
      [on('10:00'), 'opened'],
      [on('10:20'), 'responded', byStaff],
      [on('10:30'), 'resolved'],
      [on('14:00'), 'reopened'],
      [on('15:00'), 'responded', byStaff],
    );
    expect(judged('first-response', events, by)).toMatchObject({
      status: 'met',
      fulfilledAt: on('10:20'),
      elapsedSeconds: 20 * MINUTE,
    });
  });

  it('resolved late are missed, and breached again when the case is reopened', () => {
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
      [on('11:00'), 'classified', { priority: 'P2' }],
      [on('12:00'), 'reopened'],
    );
    expect(judged('resolution', events.slice(0, 3), policy(targets))).toMatchObject({ priority: 'P3', status: 'met' });
    expect(judged('resolution', events, policy(targets))).toMatchObject({ priority: 'P2', dueAt: on('12:30') });
  });

  it('keep what a restart set aside', () => {
    const events = history(
      [on('10:00'), 'opened'],
      [on('11:00'), 'classified', { priority: 'P2' }],
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
    expect(clocksUnder(history([on('10:00'), 'held', toCustomer]), by, seededCalendars)).toEqual([]);
    expect(clocksUnder(history([on('10:00'), 'opened']), by, seededCalendars).map(({ priority }) => priority)).toEqual([
      'P3',
      'P3',
    ]);
  });

  it('cannot be judged without their calendar', () => {
    expect(() => clocksUnder(history([on('10:00'), 'opened']), standardPolicy, [alwaysCalendar])).toThrow(RangeError);
  });
});
