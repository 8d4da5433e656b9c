import { type ClockState } from '../../../service-levels/clock-state';
import { foldClocks } from '../../clock-events';
import { caseProjection } from '../case-projection';

/**
 * The intervals of a case's clocks. A row says nothing that the passing of time alone could change: what is due, breached or
 * elapsed is worked out when it is asked for.
 */
export interface ServiceLevelsRow {
  readonly customer: string;
  /** null before the opening. */
  readonly clocks: ClockState | null;
}

export const serviceLevelsProjection = caseProjection<ServiceLevelsRow>({
  name: 'service-levels',
  version: 2,
  initial: () => ({ customer: '', clocks: null }),
  evolve: (row, event) => {
    const opening = event.type === 'RequestOpened';
    const clocks = foldClocks(opening ? null : row.clocks, event);
    return clocks && { customer: opening ? event.data.customer : row.customer, clocks };
  },
  columns: { customer: { type: 'text', of: ({ customer }) => customer } },
  indexes: [],
});
