import { type ClockState } from '../../../service-levels/clock-state';
import { type Clock } from '../../../service-levels/clocks';
import { judgedClocks } from '../../judged-clocks';
import { evolveTimekeeping, type Timekeeping, type Timer, timersOf, untimed } from '../../timers';
import { caseProjection } from '../case-projection';
import { verdictsOf } from './verdicts';

/**
 * The intervals of a case's clocks, and what their timers have told; `timer_at` is when the next one goes off. A row says nothing
 * that the passing of time alone could change: what is due, breached or elapsed is worked out when it is asked for.
 */
export interface ServiceLevelsRow extends Timekeeping {
  readonly customer: string;
}

/** The clocks as of the last event, without the intervals that they come from. */
const judgements = (state: ClockState): readonly Omit<Clock, 'intervals' | 'warnings'>[] =>
  judgedClocks(state).map(({ intervals: _intervals, warnings: _warnings, ...clock }) => clock);

export const standings = ['open', 'over'] as const;
export type Standing = (typeof standings)[number];

const standingOf = (clocks: ClockState | null): Standing =>
  clocks?.tracks.some(({ outcome }) => outcome === 'open') ? 'open' : 'over';

export const serviceLevelsProjection = caseProjection<ServiceLevelsRow>({
  name: 'service-levels',
  version: 6,
  initial: () => ({ customer: '', ...untimed }),
  evolve: (row, event) => {
    const opening = event.type === 'RequestOpened';
    const time = evolveTimekeeping(row, event);
    return time.clocks && { customer: opening ? event.data.customer : row.customer, ...time };
  },
  columns: {
    customer: { type: 'text', of: ({ customer }) => customer },
    timer_at: { type: 'timestamptz', of: (row) => isoOf(timersOf(row)[0]) },
    // For readers of SQL, who have no calendars; nothing in it changes with time alone.
    judged: { type: 'text', of: ({ clocks }) => JSON.stringify(clocks ? judgements(clocks) : []) },
    // Whether any of its clocks is still to be met.
    standing: { type: 'text', of: ({ clocks }) => standingOf(clocks) },
    verdicts: { type: 'text', of: ({ clocks }) => verdictsOf(clocks) },
  },
  temporal: { by: ['standing'], carried: ['verdicts'] },
  indexes: ['timer_at, key', 'standing, key'],
});

/** Rows without a timer stand last, and are not looked at. */
function isoOf(timer: Timer | undefined): string {
  return timer ? new Date(timer.at).toISOString() : 'infinity';
}
