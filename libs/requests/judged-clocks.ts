import { type ClockState, type ClockTrack } from '../service-levels/clock-state';
import { type Clock, judgeClock, judgedLater } from '../service-levels/clocks';
import { knownTerms } from '../service-levels/known-terms';

interface Judgement {
  readonly lastAt: number;
  readonly clock: Clock;
}

// Several columns of several read models ask for the judgement of the same clocks, and most events leave most clocks alone.
const known = new WeakMap<ClockTrack, Judgement>();

const judged = (track: ClockTrack, lastAt: number): Clock => {
  const found = known.get(track);
  if (found && (found.lastAt === lastAt || track.outcome !== 'open')) return found.clock;
  const clock = found ? judgedLater(found.clock, lastAt, knownTerms) : judgeClock(track, lastAt, knownTerms);
  known.set(track, { lastAt, clock });
  return clock;
};

/** The clocks of a case as of its last event, under the terms that its events name; one for each track, in their order. */
export const judgedClocks = ({ tracks, lastAt }: Pick<ClockState, 'tracks' | 'lastAt'>): readonly Clock[] =>
  tracks.map((track) => judged(track, lastAt));
