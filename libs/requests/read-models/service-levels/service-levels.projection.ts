import { evolveTimekeeping, type Timekeeping, type Timer, timersOf, untimed } from '../../timers';
import { caseProjection } from '../case-projection';

/**
 * The intervals of a case's clocks, and what their timers have told; `timer_at` is when the next one goes off. A row says nothing
 * that the passing of time alone could change: what is due, breached or elapsed is worked out when it is asked for.
 */
export interface ServiceLevelsRow extends Timekeeping {
  readonly customer: string;
}

export const serviceLevelsProjection = caseProjection<ServiceLevelsRow>({
  name: 'service-levels',
  version: 3,
  initial: () => ({ customer: '', ...untimed }),
  evolve: (row, event) => {
    const opening = event.type === 'RequestOpened';
    const time = evolveTimekeeping(row, event);
    return time.clocks && { customer: opening ? event.data.customer : row.customer, ...time };
  },
  columns: {
    customer: { type: 'text', of: ({ customer }) => customer },
    timer_at: { type: 'timestamptz', of: (row) => isoOf(timersOf(row)[0]) },
  },
  indexes: ['timer_at, key'],
});

/** Rows without a timer stand last, and are not looked at. */
function isoOf(timer: Timer | undefined): string {
  return timer ? new Date(timer.at).toISOString() : 'infinity';
}
