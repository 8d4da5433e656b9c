import { Projection } from '../../../eventing/projections/projection';
import { customerCategory, CustomerEvent } from '../../events';

/** Which customers there are and whether they are being forgotten. Who they are stays in their own streams, sealed. */
export interface CustomerRow {
  readonly status: 'active' | 'being-erased' | 'erased';
  /** Number of the request that they came with. */
  readonly request: string | null;
  /** Which kind of customer, as policies ask. */
  readonly segment: string | null;
}

export const customerProjection: Projection<CustomerRow, CustomerEvent> = {
  name: 'customer',
  version: 2,
  category: customerCategory,
  initial: () => ({ status: 'active', request: null, segment: null }),
  evolve: (row, event) => {
    switch (event.type) {
      case 'CustomerRegistered':
        return { status: 'active', request: event.data.request, segment: null };
      case 'CustomerSegmented':
        return { ...row, segment: event.data.segment };
      case 'CustomerErasureRequested':
        return { ...row, status: 'being-erased' };
      case 'CustomerErased':
        return { ...row, status: 'erased' };
    }
  },
  columns: { status: { type: 'text', of: ({ status }) => status } },
  indexes: [],
};
