import { Rejection } from '../../../eventing/rejection';
import { activeRecord, Customer } from '../../customer';

/** Whether two records may be taken for one: both of customers of ours, both of people or both of organisations. */
export const assertMergeable = (customer: Customer, survivor: Customer): void => {
  const { kind } = activeRecord(customer);
  if (survivor.status !== 'active') throw wrongSurvivor('UNKNOWN_CUSTOMER', 'is no customer of ours');
  if (survivor.kind !== kind) throw wrongSurvivor('MERGE_OF_DIFFERENT_KINDS', `is not a customer of kind ${kind}`);
};

const wrongSurvivor = (code: string, detail: string): Rejection =>
  new Rejection(code, `the survivor ${detail}`, [{ pointer: '/into', code, detail }]);
