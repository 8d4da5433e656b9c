/**
 * The clocks of a case: a pure function of its events, one revision of a policy, and the revisions of its calendars.
 *
 * Guarantee: the same arguments give the same clocks, so that any judgement can be repeated years later, and a new policy
 * tried on old cases. Everything is whole seconds. A clock is met exactly when its counted seconds do not exceed the
 * target: at the due instant it is still met, one counted second later it is breached.
 * Not promised: anything about the future. A clock says when it would be breached if nothing happened any more.
 */
import { businessSeconds, dueAt } from './calendar';
import type { Calendar } from './calendar-definition';
import { type ClockInterval, type ClockState, type ClockTrack, evolveClocks, type ServiceEvent } from './clock-state';
import type { Metric, Priority, ServiceLevelPolicy } from './policy';

/** Grows when the same events, policy and calendars would be judged otherwise than before. */
export const CLOCK_ENGINE_VERSION = 1;

export interface Revision {
  readonly id: string;
  readonly revision: number;
}

export interface Clock {
  readonly metric: Metric;
  readonly cycle: number;
  readonly priority: Priority;
  readonly targetSeconds: number;
  readonly calendar: Revision;
  readonly policy: Revision;
  readonly startedAt: number;
  /** When the present target was set: the start, or the last change of priority. */
  readonly appliedAt: number;
  /** When the target is, was or would have been reached; null when it was not and the clock is paused or cancelled. */
  readonly dueAt: number | null;
  /** The first instant at which more than the target has passed, not before `appliedAt`; null when it never will. */
  readonly breachesAt: number | null;
  /** The target had already been exceeded when it was set: nobody could have been warned. */
  readonly bornBreached: boolean;
  /** Counted until the last event. */
  readonly elapsedSeconds: number;
  readonly status: 'running' | 'paused' | 'met' | 'missed' | 'cancelled';
  readonly fulfilledAt: number | null;
  readonly intervals: readonly ClockInterval[];
}

export type ClockStatusAt = Clock['status'] | 'breached';

/**
 * The clocks of a case, by cycle, first response before resolution; none before it is opened.
 * @param events in any order @param calendars one revision of each that the policy names
 * @throws RangeError when a calendar is missing or not valid
 */
export const clocksOf = (
  events: readonly ServiceEvent[],
  policy: ServiceLevelPolicy,
  calendars: readonly Calendar[],
): Clock[] => {
  let state: ClockState | undefined;
  for (const event of [...events].sort((left, right) => left.revision - right.revision))
    state = evolveClocks(state, event, policy);
  return state ? judgeClocks(state, policy, calendars) : [];
};

/** The clocks of a state that was folded event by event. */
export const judgeClocks = (state: ClockState, policy: ServiceLevelPolicy, calendars: readonly Calendar[]): Clock[] =>
  state.tracks.map((track) => judge(track, state.lastAt, policy, calendars));

/** @param now epoch milliseconds, not before the last event: for an earlier instant fold the events up to it */
export const statusAt = (clock: Clock, now: number): ClockStatusAt => {
  const open = clock.status === 'running' || clock.status === 'paused';
  return open && clock.breachesAt !== null && now >= clock.breachesAt ? 'breached' : clock.status;
};

/** Counted seconds until an instant. @param until epoch milliseconds */
export const elapsedAt = (
  { intervals }: Pick<Clock, 'intervals'>,
  calendars: readonly Calendar[],
  until: number,
): number => {
  let seconds = 0;
  for (const { from, to, counted, calendar } of intervals)
    if (counted) seconds += businessSeconds(calendarOf(calendar, calendars), from, Math.min(to ?? until, until));
  return seconds;
};

function judge(track: ClockTrack, lastAt: number, policy: ServiceLevelPolicy, calendars: readonly Calendar[]): Clock {
  const { metric, cycle, priority, startedAt, appliedAt, fulfilledAt, intervals } = track;
  const target = policy.targets[priority];
  const targetSeconds = target.targetSeconds[metric];
  const elapsedSeconds = elapsedAt(track, calendars, lastAt);
  const status = statusOf(track, elapsedSeconds <= targetSeconds);
  const exceededAt = status === 'met' ? null : reachedAt(track, targetSeconds + 1, calendars);
  return {
    metric,
    cycle,
    priority,
    targetSeconds,
    calendar: { id: target.calendar, revision: calendarOf(target.calendar, calendars).revision },
    policy: { id: policy.id, revision: policy.revision },
    startedAt,
    appliedAt,
    dueAt: reachedAt(track, targetSeconds, calendars),
    breachesAt: exceededAt === null ? null : Math.max(exceededAt, appliedAt),
    bornBreached: exceededAt !== null && exceededAt <= appliedAt,
    elapsedSeconds,
    status,
    fulfilledAt,
    intervals,
  };
}

function statusOf({ outcome, intervals }: ClockTrack, withinTarget: boolean): Clock['status'] {
  switch (outcome) {
    case 'fulfilled':
      return withinTarget ? 'met' : 'missed';
    case 'cancelled':
      return 'cancelled';
    case 'open':
      return intervals[intervals.length - 1]!.cause === 'held' ? 'paused' : 'running';
  }
}

/** When the counted seconds reach an amount. A fulfilled clock answers as if it had gone on; others must reach it. */
function reachedAt(track: ClockTrack, seconds: number, calendars: readonly Calendar[]): number | null {
  let remaining = seconds;
  for (const { from, to, counted, calendar: id } of track.intervals) {
    if (!counted) continue;
    const calendar = calendarOf(id, calendars);
    const open = to === null ? Infinity : businessSeconds(calendar, from, to);
    if (open >= remaining) return dueAt(calendar, from, remaining);
    remaining -= open;
  }
  if (track.fulfilledAt === null) return null;
  const last = track.intervals[track.intervals.length - 1]!;
  return dueAt(calendarOf(last.calendar, calendars), track.fulfilledAt, remaining);
}

function calendarOf(id: string, calendars: readonly Calendar[]): Calendar {
  const calendar = calendars.find((candidate) => candidate.id === id);
  if (!calendar) throw new RangeError(`calendar ${id} is not among those given`);
  return calendar;
}
