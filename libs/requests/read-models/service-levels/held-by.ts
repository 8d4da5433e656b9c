/**
 * Who held the ball while a clock ran, in whole seconds.
 *
 * Guarantee: the counted seconds of all parts add up to the clock's elapsed seconds exactly; with the paused ones and those outside
 * hours they add up to the time by the wall clock during which the clock ran or stood still. Both kinds of second are differences
 * of running totals, so that a cut between two holders loses nothing.
 */
import { businessSeconds } from '../../../service-levels/calendar';
import { type Clock } from '../../../service-levels/clocks';
import { calendarIn, type TermsBook } from '../../../service-levels/policy';
import { AccountabilityRow, Holding } from '../accountability/accountability.projection';

export const holders = ['agent', 'team', 'customer', 'supplier', 'nobody'] as const;
export type HolderKind = (typeof holders)[number];

export interface HeldPart {
  readonly holder: HolderKind;
  /** Id of the agent or team. */
  readonly id: string | null;
  readonly countedSeconds: number;
  /** Seconds of the calendar during which the clock stood still. */
  readonly pausedSeconds: number;
}

export interface HeldBy {
  readonly parts: readonly HeldPart[];
  readonly outsideHoursSeconds: number;
  readonly countedSeconds: number;
  readonly pausedSeconds: number;
  readonly wallSeconds: number;
}

const nobody: Pick<HeldPart, 'holder' | 'id'> = { holder: 'nobody', id: null };

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly holder: Pick<HeldPart, 'holder' | 'id'>;
}

/** A wait for our own side is with whoever has the case. */
const holderOf = ({ stage, team, assignee, waitingFor }: Holding): Pick<HeldPart, 'holder' | 'id'> => {
  if (stage === 'held' && (waitingFor === 'customer' || waitingFor === 'supplier'))
    return { holder: waitingFor, id: null };
  if (stage !== 'open' && stage !== 'held') return { holder: 'nobody', id: null };
  if (assignee !== null) return { holder: 'agent', id: assignee };
  return team === null ? { holder: 'nobody', id: null } : { holder: 'team', id: team };
};

/** Every instant is in exactly one of them. */
const stretchesOf = ({ spans, current }: AccountabilityRow): readonly Stretch[] => {
  const all = [...spans, ...(current ? [{ ...current, to: Infinity }] : [])];
  return all.map((span, place) => ({
    from: place === 0 ? -Infinity : span.from,
    to: span.to,
    holder: holderOf(span),
  }));
};

const measured: ReadonlySet<string> = new Set(['running', 'held', 'absorbed']);

const wholeSeconds = (from: number, to: number): number => Math.floor(to / 1000) - Math.floor(from / 1000);

/** @param until epoch milliseconds, not before the last event */
export const heldBy = (clock: Clock, row: AccountabilityRow, book: TermsBook, until: number): HeldBy => {
  const stretches = stretchesOf(row);
  const parts = new Map<string, HeldPart>();
  let [wall, open] = [0, 0];
  for (const interval of clock.intervals) {
    if (!measured.has(interval.cause)) continue;
    const calendar = calendarIn(book(interval.terms), interval.calendar);
    for (const { from, to, holder } of stretches) {
      const [start, end] = [Math.max(from, interval.from), Math.min(to, interval.to ?? until, until)];
      if (end <= start) continue;
      const seconds = businessSeconds(calendar, start, end);
      wall += wholeSeconds(start, end);
      open += seconds;
      // Who had a merged case is told by that case.
      const by = interval.cause === 'absorbed' ? nobody : holder;
      add(parts, by, interval.counted ? seconds : 0, interval.counted ? 0 : seconds);
    }
  }
  const found = [...parts.values()].filter(({ countedSeconds, pausedSeconds }) => countedSeconds + pausedSeconds > 0);
  const countedSeconds = found.reduce((sum, part) => sum + part.countedSeconds, 0);
  return {
    ...{ parts: found, outsideHoursSeconds: wall - open, countedSeconds },
    ...{ pausedSeconds: open - countedSeconds, wallSeconds: wall },
  };
};

function add(
  parts: Map<string, HeldPart>,
  { holder, id }: Pick<HeldPart, 'holder' | 'id'>,
  counted: number,
  paused: number,
): void {
  const key = `${holder} ${id}`;
  const known = parts.get(key) ?? { holder, id, countedSeconds: 0, pausedSeconds: 0 };
  parts.set(key, {
    ...known,
    countedSeconds: known.countedSeconds + counted,
    pausedSeconds: known.pausedSeconds + paused,
  });
}
