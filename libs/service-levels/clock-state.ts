/**
 * The intervals of a case's clocks: a pure fold over its events under one revision of a policy.
 *
 * Guarantee: the intervals of a clock are in order and touch each other; each names the events that began and ended it.
 * Revision orders the events, time never does: an event dated before its predecessor counts as simultaneous with it, so
 * that steps backwards add nothing and no stretch is counted twice.
 * Not here: amounts of time. They need calendars, and `clocks.ts` works them out.
 */
import { type Metric, METRICS, type Priority, type ServiceLevelPolicy, type WaitingFor } from './policy';

/** What the engine needs to know of an event; other libraries map theirs to it. */
export interface ServiceEvent {
  /** Epoch milliseconds, when it happened in the world. */
  readonly at: number;
  readonly revision: number;
  readonly kind:
    | 'opened'
    | 'responded'
    | 'held'
    | 'resumed'
    | 'resolved'
    | 'closed'
    | 'reopened'
    | 'cancelled'
    | 'priority-changed'
    | 'assigned';
  /** Of `opened` and `priority-changed`. */
  readonly priority?: Priority;
  /** Of `held`. */
  readonly waitingFor?: WaitingFor;
  /** Of `responded`: whether its author was staff at the time. */
  readonly byStaff?: boolean;
}

/** Why a stretch is counted, or is not: only `running` is. `superseded`: a new priority restarted the clock after it. */
export type IntervalCause = 'running' | 'held' | 'ended' | 'superseded';

export interface ClockInterval {
  readonly from: number;
  /** null while it lasts. */
  readonly to: number | null;
  readonly counted: boolean;
  readonly cause: IntervalCause;
  /** Id of the calendar it is measured by. */
  readonly calendar: string;
  readonly startedBy: number;
  readonly endedBy: number | null;
}

export interface ClockTrack {
  readonly metric: Metric;
  /** 1, and one more after each reopening that begins new clocks. */
  readonly cycle: number;
  readonly priority: Priority;
  readonly startedAt: number;
  /** When the present target was set. */
  readonly appliedAt: number;
  readonly outcome: 'open' | 'fulfilled' | 'cancelled';
  readonly fulfilledAt: number | null;
  readonly intervals: readonly ClockInterval[];
}

export interface ClockState {
  /** The latest instant reached so far. */
  readonly lastAt: number;
  readonly priority: Priority;
  readonly cycle: number;
  readonly tracks: readonly ClockTrack[];
}

interface Moment {
  readonly at: number;
  readonly revision: number;
}

/** One event more. @param state undefined before the case is opened; events before that change nothing */
export const evolveClocks = (
  state: ClockState | undefined,
  event: ServiceEvent,
  policy: ServiceLevelPolicy,
): ClockState | undefined => {
  if (state === undefined) return event.kind === 'opened' ? openedState(event, policy) : undefined;
  const moment = { at: Math.max(event.at, state.lastAt), revision: event.revision };
  return { ...evolveAt(state, event, moment, policy), lastAt: moment.at };
};

function openedState(event: ServiceEvent, policy: ServiceLevelPolicy): ClockState {
  const priority = event.priority ?? policy.priorityAbsent;
  return { lastAt: event.at, priority, cycle: 1, tracks: newTracks(1, priority, event, policy) };
}

function evolveAt(state: ClockState, event: ServiceEvent, moment: Moment, policy: ServiceLevelPolicy): ClockState {
  switch (event.kind) {
    case 'responded':
      return event.byStaff
        ? mapOpen(state, (track) => (isFirstResponse(track) ? fulfil(track, moment) : track))
        : state;
    case 'held':
      return mapOpen(state, (track) => enter(track, holdCause(track, event, policy), moment));
    case 'resumed':
      return mapOpen(state, (track) => enter(track, 'running', moment));
    case 'resolved':
    case 'closed':
      return mapOpen(state, (track) => fulfil(track, moment));
    case 'cancelled':
      return mapOpen(state, (track) => ({ ...enter(track, 'ended', moment), outcome: 'cancelled' }));
    case 'reopened':
      return reopen(state, moment, policy);
    case 'priority-changed': {
      const priority = event.priority ?? policy.priorityAbsent;
      return mapOpen({ ...state, priority }, (track) => reprioritise(track, priority, moment, policy));
    }
    case 'opened':
    case 'assigned':
      return state;
  }
}

const isFirstResponse = (track: ClockTrack): boolean => track.metric === 'first-response';

const mapOpen = (state: ClockState, change: (track: ClockTrack) => ClockTrack): ClockState => ({
  ...state,
  tracks: state.tracks.map((track) => (track.outcome === 'open' ? change(track) : track)),
});

function holdCause(track: ClockTrack, { waitingFor }: ServiceEvent, policy: ServiceLevelPolicy): IntervalCause {
  const paused = waitingFor !== undefined && policy.pausedWaitingFor[track.metric].includes(waitingFor);
  return paused ? 'held' : 'running';
}

const fulfil = (track: ClockTrack, moment: Moment): ClockTrack => ({
  ...enter(track, 'ended', moment),
  outcome: 'fulfilled',
  fulfilledAt: moment.at,
});

/** A late answer cannot be undone by reopening, and a first response stays the first; everything else goes on. */
function reopen(state: ClockState, moment: Moment, policy: ServiceLevelPolicy): ClockState {
  const ended = state.tracks.some((track) => track.cycle === state.cycle && track.outcome !== 'open');
  if (policy.reopen === 'new-cycle' && ended) {
    const cycle = state.cycle + 1;
    return { ...state, cycle, tracks: [...state.tracks, ...newTracks(cycle, state.priority, moment, policy)] };
  }
  const goesOn = (track: ClockTrack): boolean => !(isFirstResponse(track) && track.outcome === 'fulfilled');
  return {
    ...state,
    tracks: state.tracks.map((track) => (goesOn(track) ? resume(track, state.priority, moment, policy) : track)),
  };
}

function resume(track: ClockTrack, priority: Priority, moment: Moment, policy: ServiceLevelPolicy): ClockTrack {
  const resumed: ClockTrack = { ...enter(track, 'running', moment), outcome: 'open', fulfilledAt: null };
  return reprioritise(resumed, priority, moment, policy);
}

function reprioritise(track: ClockTrack, priority: Priority, moment: Moment, policy: ServiceLevelPolicy): ClockTrack {
  if (track.priority === priority) return track;
  const { calendar } = policy.targets[priority];
  const changed: ClockTrack = { ...track, priority, appliedAt: moment.at };
  const cause = lastOf(track).cause;
  switch (policy.priorityChange) {
    case 'carry':
      return begin(changed, cause, moment, calendar);
    case 'restart': {
      const begun = begin({ ...changed, startedAt: moment.at }, cause, moment, calendar);
      return { ...begun, intervals: begun.intervals.map(supersededBefore(begun.intervals.length - 1)) };
    }
    case 'retroactive':
      return { ...changed, intervals: track.intervals.map((interval) => ({ ...interval, calendar })) };
  }
}

const supersededBefore =
  (index: number) =>
  (interval: ClockInterval, place: number): ClockInterval =>
    place < index && interval.counted ? { ...interval, counted: false, cause: 'superseded' } : interval;

/** Goes on for another cause; nothing when it is already so. */
const enter = (track: ClockTrack, cause: IntervalCause, moment: Moment): ClockTrack =>
  lastOf(track).cause === cause ? track : begin(track, cause, moment, lastOf(track).calendar);

function begin(track: ClockTrack, cause: IntervalCause, { at, revision }: Moment, calendar: string): ClockTrack {
  const closed = track.intervals.map((interval) =>
    interval.to === null ? { ...interval, to: at, endedBy: revision } : interval,
  );
  const next = {
    from: at,
    to: null,
    counted: cause === 'running',
    cause,
    calendar,
    startedBy: revision,
    endedBy: null,
  };
  return { ...track, intervals: [...closed, next] };
}

const lastOf = (track: ClockTrack): ClockInterval => track.intervals[track.intervals.length - 1]!;

function newTracks(cycle: number, priority: Priority, moment: Moment, policy: ServiceLevelPolicy): ClockTrack[] {
  const { calendar } = policy.targets[priority];
  const { at } = moment;
  return METRICS.map((metric) =>
    begin(
      { metric, cycle, priority, startedAt: at, appliedAt: at, outcome: 'open', fulfilledAt: null, intervals: [] },
      'running',
      moment,
      calendar,
    ),
  );
}
