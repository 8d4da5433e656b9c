import { type ClockState } from '../../../service-levels/clock-state';
import { type ClockTrack } from '../../../service-levels/clock-track';
import { judgedClocks } from '../../judged-clocks';

/**
 * What a population is counted by, as one text a case: `metric/cycle/status/priority/team/breachesAt` of each of its clocks.
 *
 * It changes with events alone: a clock that runs or is paused is in breach from `breachesAt` on, which is epoch milliseconds or empty.
 * `team` is the one that had the case when the clock began, or empty.
 */
export const verdictsOf = (state: ClockState | null): string =>
  (state?.tracks ?? []).map((track) => verdictOf(track, state?.lastAt ?? 0)).join(' ');

// What a run of a clock comes to rests on nothing but the run itself, which later events mostly leave as it is.
const known = new WeakMap<ClockTrack, string>();

const verdictOf = (track: ClockTrack, lastAt: number): string => {
  const found = known.get(track) ?? judged(track, lastAt);
  known.set(track, found);
  return found;
};

const judged = (track: ClockTrack, lastAt: number): string =>
  judgedClocks({ tracks: [track], lastAt })
    .map(({ metric, cycle, status, priority, team, breachesAt }) =>
      [metric, cycle, status, priority, team ?? '', breachesAt ?? ''].join('/'),
    )
    .join();
