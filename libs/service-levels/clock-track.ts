import type { Change, Metric, Pause, Priority, TermsKey, Trigger } from './policy';

/** Why a stretch is counted, or is not: only `running` is. `superseded`: a change restarted the clock after it. */
export type IntervalCause = 'running' | 'held' | 'ended' | 'superseded';

export interface ClockInterval {
  readonly from: number;
  /** null while it lasts. */
  readonly to: number | null;
  readonly counted: boolean;
  readonly cause: IntervalCause;
  /** What it stands still for, when it is `held`. */
  readonly pausedBy: Pause | null;
  /** Id of the calendar it is measured by, and the terms in which its revision stands. */
  readonly calendar: string;
  readonly terms: TermsKey;
  /** Revisions of the events that began and ended it. */
  readonly startedBy: number;
  readonly endedBy: number | null;
}

/** `policy`, `priority`: what the case came under has no such clock. */
export type EndedBy = Trigger | 'policy' | 'priority';

/** One run of one clock. */
export interface ClockTrack {
  readonly metric: Metric;
  /** 1, and one more each time it begins anew. */
  readonly cycle: number;
  /** The team that had the case when it began. */
  readonly team: string | null;
  readonly priority: Priority;
  readonly terms: TermsKey;
  readonly startedAt: number;
  /** When the present target was set. */
  readonly appliedAt: number;
  readonly outcome: 'open' | 'fulfilled' | 'cancelled';
  readonly endedBy: EndedBy | null;
  readonly fulfilledAt: number | null;
  readonly intervals: readonly ClockInterval[];
}

/** Instant and revision of an event. */
export interface Moment {
  readonly at: number;
  readonly revision: number;
}

/** What a clock is judged by. */
export interface Under {
  readonly terms: TermsKey;
  readonly priority: Priority;
  readonly calendar: string;
}

export const begin = (
  what: Pick<ClockTrack, 'metric' | 'cycle' | 'team'>,
  { terms, priority, calendar }: Under,
  moment: Moment,
): ClockTrack => {
  const { at } = moment;
  const { metric, cycle, team } = what;
  const fresh: ClockTrack = {
    metric,
    cycle,
    team,
    priority,
    terms,
    startedAt: at,
    appliedAt: at,
    outcome: 'open',
    endedBy: null,
    fulfilledAt: null,
    intervals: [],
  };
  return proceed(fresh, { cause: 'running', pausedBy: null, calendar, terms }, moment);
};

/** Goes on for another cause; nothing when it is already so. */
export const enter = (track: ClockTrack, cause: IntervalCause, pausedBy: Pause | null, moment: Moment): ClockTrack => {
  const { cause: now, pausedBy: by, calendar, terms } = lastOf(track);
  return now === cause && by === pausedBy ? track : proceed(track, { cause, pausedBy, calendar, terms }, moment);
};

export const end = (
  track: ClockTrack,
  outcome: 'fulfilled' | 'cancelled',
  endedBy: EndedBy,
  moment: Moment,
): ClockTrack => ({
  ...enter(track, 'ended', null, moment),
  outcome,
  endedBy,
  fulfilledAt: outcome === 'fulfilled' ? moment.at : null,
});

/** Another target from now on, or from the beginning. */
export const retarget = (track: ClockTrack, under: Under, change: Change, moment: Moment): ClockTrack => {
  const { terms, priority, calendar } = under;
  if (track.priority === priority && track.terms === terms) return track;
  const changed: ClockTrack = { ...track, priority, terms, appliedAt: moment.at };
  const { cause, pausedBy } = lastOf(track);
  switch (change) {
    case 'carry':
      return proceed(changed, { cause, pausedBy, calendar, terms }, moment);
    case 'restart': {
      const begun = proceed({ ...changed, startedAt: moment.at }, { cause, pausedBy, calendar, terms }, moment);
      return { ...begun, intervals: begun.intervals.map(supersededBefore(begun.intervals.length - 1)) };
    }
    case 'retroactive':
      return { ...changed, intervals: track.intervals.map((interval) => ({ ...interval, calendar, terms })) };
  }
};

const supersededBefore =
  (index: number) =>
  (interval: ClockInterval, place: number): ClockInterval =>
    place < index && interval.counted ? { ...interval, counted: false, cause: 'superseded' } : interval;

type Course = Pick<ClockInterval, 'cause' | 'pausedBy' | 'calendar' | 'terms'>;

function proceed(track: ClockTrack, course: Course, { at, revision }: Moment): ClockTrack {
  const intervals: ClockInterval[] = track.intervals.map((interval) =>
    interval.to === null ? { ...interval, to: at, endedBy: revision } : interval,
  );
  const { cause, pausedBy, calendar, terms } = course;
  intervals.push({
    from: at,
    to: null,
    counted: cause === 'running',
    cause,
    pausedBy,
    calendar,
    terms,
    startedBy: revision,
    endedBy: null,
  });
  return { ...track, intervals };
}

export const lastOf = (track: ClockTrack): ClockInterval => track.intervals[track.intervals.length - 1]!;
