import { activeRecord, Customer } from '../../customer';
import { CustomerEvent } from '../../events';

/** Says which kind of customer somebody is. Cases that were opened before stay under what was chosen for them. */
export const segmentCustomer = ({ segment }: { readonly segment: string | null }, state: Customer): CustomerEvent[] =>
  activeRecord(state).segment === segment ? [] : [{ type: 'CustomerSegmented', data: { segment } }];
