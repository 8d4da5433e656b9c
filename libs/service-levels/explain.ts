/**
 * Why a clock stands as it does: its stretches, what began and ended each, by which revisions it was measured, and the sums.
 *
 * Guarantee: the counted seconds of the stretches add up to the clock's elapsed seconds, exactly. Pure.
 */
import type { ClockInterval } from './clock-track';
import { type Clock, type ClockStatusAt, elapsedAt, type Revision, secondsIn, statusAt } from './clocks';
import { calendarIn, type TermsBook } from './policy';

/** What an event is called, by its revision. */
export type EventName = (revision: number) => string;

export interface ExplainedInterval extends Pick<ClockInterval, 'cause' | 'pausedBy' | 'counted'> {
  readonly from: number;
  /** The instant that is asked about, while it lasts. */
  readonly to: number;
  readonly isOpen: boolean;
  /** By its calendar; of a stretch that does not count as well. */
  readonly calendarSeconds: number;
  readonly countedSeconds: number;
  readonly wallSeconds: number;
  readonly calendar: Revision;
  readonly policy: Revision;
  readonly startedBy: EventRef;
  readonly endedBy: EventRef | null;
}

export interface EventRef {
  readonly revision: number;
  readonly type: string;
}

export interface Explanation {
  readonly clock: Clock;
  readonly status: ClockStatusAt;
  readonly elapsedSeconds: number;
  /** Seconds of the calendar during which it stood still. */
  readonly pausedSeconds: number;
  readonly intervals: readonly ExplainedInterval[];
  readonly sentences: readonly string[];
}

const wholeSeconds = (from: number, to: number): number => Math.floor(to / 1000) - Math.floor(from / 1000);

/** @param until epoch milliseconds, not before the last event */
export const explainClock = (clock: Clock, book: TermsBook, eventName: EventName, until: number): Explanation => {
  const intervals = clock.intervals
    .filter(({ cause, to }) => cause !== 'ended' || to !== null)
    .map((interval) => explained(interval, book, eventName, until));
  const elapsedSeconds = elapsedAt(clock, book, until);
  const status = statusAt(clock, until);
  const paused = intervals.filter(({ cause }) => cause === 'held');
  const facts = {
    ...{ clock, status, elapsedSeconds, intervals },
    pausedSeconds: paused.reduce((sum, { calendarSeconds }) => sum + calendarSeconds, 0),
  };
  return { ...facts, sentences: sentencesOf(facts, eventName) };
};

function explained(interval: ClockInterval, book: TermsBook, eventName: EventName, until: number): ExplainedInterval {
  const { from, cause, pausedBy, counted, calendar: id, terms, startedBy, endedBy } = interval;
  const { policy, ...rest } = book(terms);
  const to = Math.max(from, Math.min(interval.to ?? until, until));
  const calendarSeconds = secondsIn(interval, book, until);
  const ref = (revision: number): EventRef => ({ revision, type: eventName(revision) });
  return {
    ...{ from, to, cause, pausedBy, counted, isOpen: interval.to === null, calendarSeconds },
    countedSeconds: counted ? calendarSeconds : 0,
    wallSeconds: wholeSeconds(from, to),
    calendar: { id, revision: calendarIn({ policy, ...rest }, id).revision },
    policy: { id: policy.id, revision: policy.revision },
    startedBy: ref(startedBy),
    endedBy: endedBy === null ? null : ref(endedBy),
  };
}

type Facts = Omit<Explanation, 'sentences'>;

const iso = (instant: number): string => new Date(instant).toISOString();
const named = ({ id, revision }: Revision): string => `${id}@${revision}`;
const by = ({ type, revision }: EventRef): string => `${type} (revision ${revision})`;

function sentencesOf(
  { clock, status, elapsedSeconds, intervals, pausedSeconds }: Facts,
  eventName: EventName,
): string[] {
  const { metric, cycle, priority, targetSeconds, calendar, policy } = clock;
  const first = intervals[0];
  return [
    `${metric}${cycle > 1 ? `, cycle ${cycle}` : ''}: ${targetSeconds} s of ${named(calendar)} are promised for ${priority} by ${named(policy)}.`,
    ...(first ? [`It began at ${iso(first.from)} with ${by(first.startedBy)}.`] : []),
    ...intervals.map(intervalSentence),
    endSentence(clock, eventName),
    `Together ${elapsedSeconds} s count${pausedSeconds ? ` and ${pausedSeconds} s do not` : ''}: it is ${status}.`,
  ];
}

function intervalSentence({ from, to, cause, pausedBy, calendarSeconds, wallSeconds, ...more }: ExplainedInterval) {
  const { calendar, isOpen, startedBy, endedBy, counted } = more;
  const span = `From ${iso(from)} ${isOpen ? 'until now' : `to ${iso(to)}`}`;
  const seconds = `${calendarSeconds} s by ${named(calendar)} of ${wallSeconds} s`;
  const until = endedBy ? `, until ${by(endedBy)}` : '';
  switch (cause) {
    case 'running':
      return `${span} it ran: ${seconds}${until}.`;
    case 'held':
      return `${span} it stood still (${pausedBy ?? 'held'}): ${seconds} do not count${until}.`;
    case 'ended':
      return `${span} it had ended: ${seconds} do not count${until}.`;
    case 'absorbed':
      return counted
        ? `${span} a case waited that was merged into this one: ${seconds}, added by ${by(startedBy)}.`
        : `${span} no case that was merged into this one waited: ${seconds} do not count.`;
    case 'superseded':
      return `${span} it ran towards a target that was set anew: ${seconds} do not count${until}.`;
  }
}

function endSentence({ status, dueAt, endedBy, fulfilledAt, intervals }: Clock, eventName: EventName): string {
  const last = intervals[intervals.length - 1];
  const event = last ? by({ revision: last.startedBy, type: eventName(last.startedBy) }) : '';
  if (status === 'cancelled') return `It was cancelled (${endedBy}) with ${event}.`;
  if (fulfilledAt !== null) return `It was fulfilled at ${iso(fulfilledAt)} with ${event}.`;
  if (dueAt === null && status === 'running') return 'By its calendar it is not due within a century.';
  return dueAt === null ? 'Nothing is due while it stands still.' : `It is due at ${iso(dueAt)} if nothing happens.`;
}
