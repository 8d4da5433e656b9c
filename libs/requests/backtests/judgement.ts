import { type ClockState, type ClockTrack, evolveClocks, type ServiceEvent } from '../../service-levels/clock-state';
import { elapsedAt } from '../../service-levels/clocks';
import { clockOf, type TermsBook } from '../../service-levels/policy';

/** How one run of one clock ended, or stands at an instant. */
export interface Verdict {
  readonly metric: string;
  readonly cycle: number;
  readonly status: 'met' | 'missed' | 'running' | 'paused' | 'breached' | 'cancelled';
  readonly targetSeconds: number;
  readonly elapsedSeconds: number;
}

/** Folds a history under a book. Numbers are events that only move the time. */
export const foldUnder = (history: readonly (ServiceEvent | number)[], book: TermsBook): ClockState | undefined => {
  let state: ClockState | undefined;
  let reached = -Infinity;
  for (const event of history)
    if (typeof event !== 'number') {
      const at = state ? Math.max(event.at, reached) : event.at;
      state = evolveClocks(state, at === event.at ? event : { ...event, at }, book);
      reached = state?.lastAt ?? reached;
    } else if (state) reached = Math.max(reached, event);
  return state && { ...state, lastAt: Math.max(state.lastAt, reached) };
};

/**
 * The verdict on each clock as it stands at an instant: what `judgeClocks` and `statusAt` say, without when it would be due.
 * @param at epoch milliseconds; an earlier one than the last event counts as the last event's
 */
export const verdictsAt = (state: ClockState, book: TermsBook, at: number): readonly Verdict[] =>
  state.tracks.map((track) => verdictOf(track, book, Math.max(at, state.lastAt)));

function verdictOf(track: ClockTrack, book: TermsBook, at: number): Verdict {
  const { metric, cycle, priority, outcome } = track;
  const target = clockOf(book(track.terms).policy, metric)?.targets[priority];
  if (!target) throw new RangeError(`there is no ${metric} of ${priority}`);
  const { targetSeconds } = target;
  const elapsedSeconds = elapsedAt(track, book, at);
  const within = elapsedSeconds <= targetSeconds;
  return { metric, cycle, status: statusOf(track, outcome, within), targetSeconds, elapsedSeconds };
}

function statusOf({ intervals }: ClockTrack, outcome: ClockTrack['outcome'], within: boolean): Verdict['status'] {
  switch (outcome) {
    case 'fulfilled':
      return within ? 'met' : 'missed';
    case 'cancelled':
      return 'cancelled';
    case 'open':
      if (!within) return 'breached';
      return intervals[intervals.length - 1]?.cause === 'held' ? 'paused' : 'running';
  }
}
