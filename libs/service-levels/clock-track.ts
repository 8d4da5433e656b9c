import type { Change, Metric, Pause, Priority, TermsKey, Trigger } from './policy';

/**
 * Why a stretch is counted, or is not: `running` is. `superseded`: a change restarted the clock after it. `absorbed`: it came before
 * the clock began, and is counted where a clock of a case that was merged into this one had counted.
 */
export type IntervalCause = 'running' | 'held' | 'ended' | 'superseded' | 'absorbed';

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

/** `policy`, `priority`: what the case came under has no such clock. `merged`: another case stands for this one. */
export type EndedBy = Trigger | 'policy' | 'priority' | 'merged';

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

/** Lets the clock count what merged cases had waited before it began. One that was set anew since then counts from there. */
export const absorb = (track: ClockTrack, waits: readonly Stretch[], { at, revision }: Moment): ClockTrack => {
  const own = track.intervals.filter(({ cause }) => cause !== 'absorbed');
  const [first] = own;
  if (!first || own.some(({ cause }) => cause === 'superseded')) return track;
  const known = track.intervals.filter(({ cause, counted }) => cause === 'absorbed' && counted);
  const before = [...known, ...waits].flatMap(({ from, to }) =>
    from < first.from ? [{ from, to: Math.min(to ?? first.from, first.from) }] : [],
  );
  const stretches = touching(before, first.from);
  const [earliest] = stretches;
  if (!earliest) return track;
  const { calendar, terms } = first;
  const course = {
    cause: 'absorbed',
    pausedBy: null,
    calendar,
    terms,
    startedBy: revision,
    endedBy: revision,
  } as const;
  const absorbed = stretches.map((stretch): ClockInterval => ({ ...stretch, ...course }));
  return { ...track, startedAt: earliest.from, appliedAt: at, intervals: [...absorbed, ...own] };
};

type Stretch = Pick<ClockInterval, 'from' | 'to'>;
type CountedStretch = { readonly from: number; readonly to: number; readonly counted: boolean };

/** Stretches that touch each other up to an instant; what none of the given ones covers does not count. */
const touching = (given: readonly { from: number; to: number }[], until: number): readonly CountedStretch[] => {
  const joined: CountedStretch[] = [];
  const add = (from: number, to: number, counted: boolean): void => {
    const last = joined.at(-1);
    if (to <= from) return;
    if (last?.counted === counted) joined[joined.length - 1] = { ...last, to };
    else joined.push({ from, to, counted });
  };
  for (const { from, to } of [...given].sort((one, other) => one.from - other.from)) {
    const reached = joined.at(-1)?.to ?? from;
    add(reached, from, false);
    add(Math.max(reached, from), to, true);
  }
  add(joined.at(-1)?.to ?? until, until, false);
  return joined;
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
