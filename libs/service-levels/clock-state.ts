/**
 * The intervals of a case's clocks: a pure fold over its events under the terms that they name.
 *
 * Guarantee: the intervals of a clock are in order and touch each other; each names the events that began and ended it.
 * Revision orders the events, time never does: an event dated before its predecessor counts as simultaneous with it, so
 * that steps backwards add nothing and no stretch is counted twice. Within one event what stops comes before what changes,
 * that before what starts, and that before what pauses.
 * Not here: amounts of time. They need calendars, and `clocks.ts` works them out.
 */
import {
  absorb,
  begin,
  type ClockInterval,
  type ClockTrack,
  end,
  enter,
  type Moment,
  retarget,
  type Under,
} from './clock-track';
import { standardKey } from './known-terms';
import {
  type ClockDefinition,
  clockOf,
  type Metric,
  type Priority,
  type Target,
  type TermsBook,
  type TermsKey,
  type Trigger,
} from './policy';
import {
  isOver,
  pausesOf,
  type ServiceEvent,
  type Standing,
  standingAfter,
  triggersOf,
  unopened,
} from './service-event';

export type { ClockInterval, ClockTrack, ServiceEvent };

export interface ClockState {
  /** The latest instant reached so far. */
  readonly lastAt: number;
  /** What the case stands under now. */
  readonly terms: TermsKey;
  readonly priority: Priority;
  readonly standing: Standing;
  /** Since when it is resolved, closed or cancelled. */
  readonly overSince: number | null;
  /** What has happened at least once. */
  readonly seen: readonly Trigger[];
  readonly tracks: readonly ClockTrack[];
}

/** An event of which the consequences are worked out. */
interface Step {
  readonly event: ServiceEvent;
  readonly moment: Moment;
  readonly triggers: readonly Trigger[];
  readonly book: TermsBook;
}

/** Folds one event more; nothing is folded before the opening. @throws UnknownTerms */
export const evolveClocks = (
  state: ClockState | undefined,
  event: ServiceEvent,
  book: TermsBook,
): ClockState | undefined => {
  if (state === undefined && event.kind !== 'opened') return undefined;
  const known = state ?? openedState(event, book);
  const moment = { at: Math.max(event.at, known.lastAt), revision: event.revision };
  const standing = standingAfter(known.standing, event);
  const step = { event, moment, triggers: triggersOf(event, known.standing, standing), book };
  const stopped = withTracks(
    known,
    known.tracks.map((track) => stop(track, step)),
  );
  const changed = changeTerms(stopped, step);
  const { terms, priority, tracks } = event.kind === 'reopened' ? reopen(changed, step) : absorbWaits(changed, step);
  const seen = withSeen(known.seen, step.triggers);
  const overSince = isOver(standing) ? (known.overSince ?? moment.at) : null;
  const now = { lastAt: known.lastAt, terms, priority, standing, overSince, seen, tracks };
  return { lastAt: moment.at, terms, priority, standing, overSince, seen, tracks: pause(start(now, step), step) };
};

const withTracks = (
  { lastAt, terms, priority, standing, overSince, seen }: ClockState,
  tracks: readonly ClockTrack[],
): ClockState => ({ lastAt, terms, priority, standing, overSince, seen, tracks });

const withSeen = (seen: readonly Trigger[], triggers: readonly Trigger[]): readonly Trigger[] => {
  if (triggers.every((trigger) => seen.includes(trigger))) return seen;
  const fresh = triggers.filter((trigger) => !seen.includes(trigger));
  return [...seen, ...new Set(fresh)];
};

function openedState(event: ServiceEvent, book: TermsBook): ClockState {
  const terms = event.terms ?? standardKey;
  const priority = event.priority ?? book(terms).policy.priorityAbsent;
  return { lastAt: event.at, terms, priority, standing: unopened, overSince: null, seen: [], tracks: [] };
}

const any = (wanted: readonly Trigger[], triggers: readonly Trigger[]): boolean =>
  wanted.some((trigger) => triggers.includes(trigger));

const definitionOf = ({ terms, metric }: ClockTrack, book: TermsBook): ClockDefinition | undefined =>
  clockOf(book(terms).policy, metric);

function stop(track: ClockTrack, { event, triggers, moment, book }: Step): ClockTrack {
  if (event.kind === 'merged' && track.outcome === 'open') return end(track, 'cancelled', 'merged', moment);
  const definition = track.outcome === 'open' ? definitionOf(track, book) : undefined;
  if (!definition) return track;
  const stops = definition.stop.find((trigger) => triggers.includes(trigger));
  if (stops) return end(track, 'fulfilled', stops, moment);
  const cancels = definition.cancel.find((trigger) => triggers.includes(trigger));
  return cancels ? end(track, 'cancelled', cancels, moment) : track;
}

/** A new priority or new terms, in effect for the clocks that run. */
function changeTerms(state: ClockState, { event, moment, book }: Step): ClockState {
  if (event.terms === undefined && event.priority === undefined) return state;
  const terms = event.terms ?? state.terms;
  const { policy } = book(terms);
  const priority = event.priority ?? state.priority;
  if (terms === state.terms && priority === state.priority) return state;
  const mode = terms === state.terms ? policy.priorityChange : policy.policyChange;
  const move = (track: ClockTrack): ClockTrack => {
    if (track.outcome !== 'open') return track;
    const under = underOf(track.metric, terms, priority, book);
    return under ? retarget(track, under, mode, moment) : end(track, 'cancelled', endFor(state, terms), moment);
  };
  return { ...state, terms, priority, tracks: state.tracks.map(move) };
}

const endFor = (state: ClockState, terms: TermsKey): 'policy' | 'priority' =>
  terms === state.terms ? 'priority' : 'policy';

function underOf(metric: Metric, terms: TermsKey, priority: Priority, book: TermsBook): Under | undefined {
  const target: Target | undefined = clockOf(book(terms).policy, metric)?.targets[priority];
  return target && { terms, priority, calendar: target.calendar };
}

const latestOf = (tracks: readonly ClockTrack[], metric: Metric): ClockTrack | undefined =>
  tracks.findLast((track) => track.metric === metric);

const CASE_ENDS: readonly string[] = ['resolved', 'closed', 'cancelled'];

/** A late answer cannot be undone by reopening, and a first response stays the first; everything else goes on. */
function reopen(state: ClockState, step: Step): ClockState {
  const { policy } = step.book(state.terms);
  const latest = policy.clocks.flatMap(({ metric }) => latestOf(state.tracks, metric) ?? []);
  const ended = latest.some(({ outcome, endedBy }) => outcome !== 'open' && CASE_ENDS.includes(endedBy ?? ''));
  if (!ended) return state;
  const asks = policy.reopen;
  const late = (step.moment.at - (state.overSince ?? step.moment.at)) / 1000 > policy.reopenGraceSeconds;
  if (asks === 'new-cycle' || (asks === 'grace' && late)) return nextCycle(state, step);
  return withTracks(
    state,
    state.tracks.map((track) => (latest.includes(track) ? goOn(track, state, step) : track)),
  );
}

function goOn(track: ClockTrack, state: ClockState, { book, moment }: Step): ClockTrack {
  const { policy } = book(state.terms);
  const definition = clockOf(policy, track.metric);
  const goesOn =
    track.outcome === 'fulfilled'
      ? definition?.reopens && CASE_ENDS.includes(track.endedBy ?? '')
      : track.outcome === 'cancelled' && track.endedBy === 'cancelled';
  const under = underOf(track.metric, state.terms, state.priority, book);
  if (!goesOn || !under) return track;
  const resumed: ClockTrack = {
    ...enter(track, 'running', null, moment),
    outcome: 'open',
    fulfilledAt: null,
    endedBy: null,
  };
  return retarget(resumed, under, policy.priorityChange, moment);
}

function nextCycle(state: ClockState, step: Step): ClockState {
  const begun = step
    .book(state.terms)
    .policy.clocks.filter(({ start, metric }) => {
      const latest = latestOf(state.tracks, metric);
      return start.includes('opened') && latest !== undefined && latest.outcome !== 'open';
    })
    .flatMap((definition) => newTrack(definition, state, step) ?? []);
  return withTracks(state, [...state.tracks, ...begun]);
}

/** A clock that has ended keeps its result, also when the case that is merged into this one still waits. */
function absorbWaits(state: ClockState, { event: { waits = [] }, moment, book }: Step): ClockState {
  if (!waits.length || book(state.terms).policy.merge === 'own') return state;
  const tracks = state.tracks.map((track) => {
    const stretches = track.outcome === 'open' ? waits.filter(({ metric }) => metric === track.metric) : [];
    return stretches.length ? absorb(track, stretches, moment) : track;
  });
  return withTracks(state, tracks);
}

/** What this event begins; a clock that only new terms have, and that nothing has settled yet, begins with them. */
function start(state: ClockState, step: Step): ClockState {
  if (isOver(state.standing) || step.event.kind === 'merged') return state;
  let { tracks } = state;
  for (const definition of step.book(state.terms).policy.clocks) {
    const latest = latestOf(tracks, definition.metric);
    const begins = latest ? beginsAgain(definition, latest, step) : beginsFirst(definition, state, step);
    const follows = definition.after === null || latestOf(tracks, definition.after)?.outcome === 'fulfilled';
    const track = begins && follows ? newTrack(definition, withTracks(state, tracks), step) : undefined;
    if (track) tracks = [...tracks, track];
  }
  return withTracks(state, tracks);
}

const beginsAgain = (definition: ClockDefinition, latest: ClockTrack, { triggers }: Step): boolean =>
  latest.outcome !== 'open' && definition.repeats && any(definition.start, triggers);

function beginsFirst(
  { start, stop: stops, cancel }: ClockDefinition,
  { seen }: ClockState,
  { triggers }: Step,
): boolean {
  if (any(start, triggers)) return true;
  return start.includes('opened') && seen.includes('opened') && !any(stops, seen) && !any(cancel, seen);
}

function newTrack(definition: ClockDefinition, state: ClockState, { moment, book }: Step): ClockTrack | undefined {
  const { metric, team } = definition;
  const under = underOf(metric, state.terms, state.priority, book);
  if (!under || (team !== null && team !== state.standing.team)) return undefined;
  const cycle = (latestOf(state.tracks, metric)?.cycle ?? 0) + 1;
  return begin({ metric, cycle, team: state.standing.team }, under, moment);
}

function pause(state: ClockState, { moment, book }: Step): readonly ClockTrack[] {
  const standing = pausesOf(state.standing);
  const settle = (track: ClockTrack): ClockTrack => {
    if (track.outcome !== 'open') return track;
    const by = definitionOf(track, book)?.pause.find((each) => standing.includes(each)) ?? null;
    return enter(track, by === null ? 'running' : 'held', by, moment);
  };
  return state.tracks.map(settle);
}
