import { RequestEventClass } from '../../event-class';
import { requestEventTypes } from '../../events';

/** What a customer sees of the history of their own case. */
export const typesForCustomers: readonly string[] = Object.entries<RequestEventClass>(requestEventTypes)
  .filter(([, { forCustomers }]) => forCustomers)
  .map(([type]) => type);
