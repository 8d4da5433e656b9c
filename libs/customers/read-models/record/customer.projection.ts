import { Projection } from '../../../eventing/projections/projection';
import { evolveCustomer, Customer, CustomerRecord } from '../../customer';
import { customerCategory, CustomerEvent } from '../../events';

/** The record of a customer as it stands. What is personal in it stays sealed. */
export type CustomerRow = CustomerRecord;

export const customerProjection: Projection<Customer, CustomerEvent> = {
  name: 'customer',
  version: 5,
  category: customerCategory,
  initial: () => ({ status: 'unknown' }),
  evolve: (row, event) => {
    const record = evolveCustomer(row, event);
    return record.status === 'unknown' ? null : record;
  },
  columns: {
    status: { type: 'text', of: ({ status }) => status },
    segment: { type: 'text', of: (row) => (row.status === 'unknown' ? null : row.segment) },
    organisation: { type: 'text', of: (row) => (row.status === 'unknown' ? null : row.organisation) },
    survivor: { type: 'text', of: (row) => (row.status === 'unknown' ? null : row.survivor) },
  },
  indexes: ['survivor, key', 'organisation, key', 'segment, key'],
};
