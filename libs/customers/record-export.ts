import { Rejection } from '../eventing/rejection';
import { Customer } from './customer';
import { CustomerEvent, CustomerEventOf } from './events';

/** Records that somebody was given what is held about a customer, also where nothing of it can be read any more. */
export const recordExport = (given: CustomerEventOf<'CustomerExported'>['data'], state: Customer): CustomerEvent[] => {
  if (state.status === 'unknown') throw new Rejection('CUSTOMER_NOT_FOUND', 'no customer is known under this id');
  return [{ type: 'CustomerExported', data: { ...given } }];
};
