/**
 * The clocks of a case: a pure function of its events and of the terms that they name.
 *
 * Guarantee: the same arguments give the same clocks, so that any judgement can be repeated years later, and new terms
 * tried on old cases. Everything is whole seconds. A clock is met exactly when its counted seconds do not exceed the
 * target: at the due instant it is still met, one counted second later it is breached.
 * Not promised: anything about the future. A clock says when it would be breached if nothing happened any more.
 */
import { businessSeconds, dueAt } from './calendar';
import { type ClockInterval, type ClockState, type ClockTrack, evolveClocks, type ServiceEvent } from './clock-state';
import type { EndedBy } from './clock-track';
import { calendarIn, type ClockDefinition, clockOf, type Metric, type Priority, type TermsBook } from './policy';

/** Grows when the same events and terms would be judged otherwise than before. */
export const CLOCK_ENGINE_VERSION = 2;

export interface Revision {
  readonly id: string;
  readonly revision: number;
}

/** When somebody is to be warned, unless the clock ends or pauses before. */
export interface Warning {
  readonly at: number;
  /** Part of the target in percent, or counted seconds before it. */
  readonly share: number | null;
  readonly secondsBefore: number | null;
}

export interface Clock {
  readonly metric: Metric;
  /** With the metric it names one run of a clock within a case. */
  readonly cycle: number;
  readonly team: string | null;
  readonly priority: Priority;
  readonly targetSeconds: number;
  readonly calendar: Revision;
  readonly policy: Revision;
  readonly startedAt: number;
  /** When the present target was set: the start, or the last change of priority or terms. */
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
  readonly endedBy: EndedBy | null;
  readonly fulfilledAt: number | null;
  /** In the order of time; none before `appliedAt`, and none of a clock that does not run. */
  readonly warnings: readonly Warning[];
  readonly intervals: readonly ClockInterval[];
}

export type ClockStatusAt = Clock['status'] | 'breached';

/**
 * The clocks of a case, in the order in which they began; none before it is opened.
 * @param events in any order @param book content of the terms that they name
 * @throws UnknownTerms @throws RangeError when terms lack a calendar that they name, or one is not valid
 */
export const clocksOf = (events: readonly ServiceEvent[], book: TermsBook): Clock[] => {
  let state: ClockState | undefined;
  for (const event of [...events].sort((left, right) => left.revision - right.revision))
    state = evolveClocks(state, event, book);
  return state ? judgeClocks(state, book) : [];
};

/** The clocks of a state that was folded event by event. */
export const judgeClocks = (state: Pick<ClockState, 'tracks' | 'lastAt'>, book: TermsBook): Clock[] =>
  state.tracks.map((track) => judgeClock(track, state.lastAt, book));

/** @param now epoch milliseconds, not before the last event: for an earlier instant fold the events up to it */
export const statusAt = (clock: Clock, now: number): ClockStatusAt => {
  const open = clock.status === 'running' || clock.status === 'paused';
  return open && clock.breachesAt !== null && now >= clock.breachesAt ? 'breached' : clock.status;
};

/** Seconds of one stretch by its calendar, whether they count or not. @param until epoch milliseconds */
export const secondsIn = (
  { from, to, calendar, terms }: Pick<ClockInterval, 'from' | 'to' | 'calendar' | 'terms'>,
  book: TermsBook,
  until: number,
): number => businessSeconds(calendarIn(book(terms), calendar), from, Math.min(to ?? until, until));

/** Counted seconds until an instant. @param until epoch milliseconds */
export const elapsedAt = ({ intervals }: Pick<Clock, 'intervals'>, book: TermsBook, until: number): number => {
  let seconds = 0;
  for (const interval of intervals) if (interval.counted) seconds += secondsIn(interval, book, until);
  return seconds;
};

/** One of them. What has ended is judged the same at any instant. @param lastAt epoch milliseconds of the case's last event */
export function judgeClock(track: ClockTrack, lastAt: number, book: TermsBook): Clock {
  const { metric, cycle, team, priority, startedAt, appliedAt, endedBy, fulfilledAt, intervals } = track;
  const terms = book(track.terms);
  const definition = clockOf(terms.policy, metric);
  const target = definition?.targets[priority];
  if (!definition || !target) throw new RangeError(`${terms.policy.id} has no ${metric} of ${priority}`);
  const { targetSeconds } = target;
  const elapsedSeconds = elapsedAt(track, book, lastAt);
  const status = statusOf(track, elapsedSeconds <= targetSeconds);
  const exceededAt = status === 'met' ? null : reachedAt(track, targetSeconds + 1, book);
  // Written out, as in the folds: a case is judged at every event, and objects that are put together from others cost several times more.
  return {
    metric,
    cycle,
    team,
    priority,
    targetSeconds,
    startedAt,
    appliedAt,
    calendar: { id: target.calendar, revision: calendarIn(terms, target.calendar).revision },
    policy: { id: terms.policy.id, revision: terms.policy.revision },
    dueAt: reachedAt(track, targetSeconds, book),
    breachesAt: exceededAt === null ? null : Math.max(exceededAt, appliedAt),
    bornBreached: exceededAt !== null && exceededAt <= appliedAt,
    elapsedSeconds,
    status,
    endedBy,
    fulfilledAt,
    warnings: status === 'running' ? warningsOf(track, definition, targetSeconds, book) : [],
    intervals,
  };
}

/** The judgement of a clock that has not ended, when the same intervals are looked at as of another instant: only what was counted differs. */
export const judgedLater = (clock: Clock, lastAt: number, book: TermsBook): Clock => ({
  ...clock,
  elapsedSeconds: elapsedAt(clock, book, lastAt),
});

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

function warningsOf(
  track: ClockTrack,
  { warnShares, warnSecondsBefore }: ClockDefinition,
  targetSeconds: number,
  book: TermsBook,
): Warning[] {
  const wanted = [
    ...warnShares.map((share) => ({ share, secondsBefore: null, after: Math.ceil((targetSeconds * share) / 100) })),
    ...warnSecondsBefore.map((before) => ({ share: null, secondsBefore: before, after: targetSeconds - before })),
  ];
  return wanted
    .flatMap(({ share, secondsBefore, after }) => {
      const at = reachedAt(track, Math.max(after, 0), book);
      return at === null || at < track.appliedAt ? [] : [{ at, share, secondsBefore }];
    })
    .sort((one, other) => one.at - other.at);
}

/** When the counted seconds reach an amount. A fulfilled clock answers as if it had gone on; others must reach it. */
export function reachedAt(track: ClockTrack, seconds: number, book: TermsBook): number | null {
  let remaining = seconds;
  for (const { from, to, counted, calendar: id, terms } of track.intervals) {
    if (!counted) continue;
    const calendar = calendarIn(book(terms), id);
    const open = to === null ? Infinity : businessSeconds(calendar, from, to);
    if (open >= remaining) return dueAt(calendar, from, remaining);
    remaining -= open;
  }
  if (track.fulfilledAt === null) return null;
  const { calendar, terms } = track.intervals[track.intervals.length - 1]!;
  return dueAt(calendarIn(book(terms), calendar), track.fulfilledAt, remaining);
}
