import { Projection, tableOf } from '../../../eventing/projections/projection';
import { evolveCustomer, Customer, CustomerRecord } from '../../customer';
import { customerCategory, CustomerEvent } from '../../events';

/** The record of a customer as it stands. What is personal in it stays sealed. */
export type CustomerRow = CustomerRecord;

export const customerProjection: Projection<Customer, CustomerEvent> = {
  name: 'customer',
  version: 6,
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
    restricted_since: {
      type: 'timestamptz',
      of: (row) => (row.status === 'unknown' ? null : (row.restriction?.since ?? null)),
    },
    survivor: { type: 'text', of: (row) => (row.status === 'unknown' ? null : row.survivor) },
  },
  indexes: [
    ...['survivor, key', 'organisation, key', 'segment, key'],
    'using btree (key) where restricted_since is not null',
  ],
};

const customer = tableOf(customerProjection);

/**
 * Ids of those whose processing is restricted (Art. 18 GDPR), or that of somebody who was found to be the same: their data are kept,
 * and used for nothing but what they ask for. An array, so that a statement makes it once, whatever it is compared with.
 */
export const restrictedCustomers = `array(
  with recursive same (key, survivor) as (
    select key, survivor from ${customer} where restricted_since is not null
    union select c.key, c.survivor from same s join ${customer} c on c.survivor = s.key or c.key = s.survivor)
  select key from same)`;
