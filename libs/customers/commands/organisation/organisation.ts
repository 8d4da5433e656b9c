import { Rejection } from '../../../eventing/rejection';
import { activeRecord, Customer } from '../../customer';
import { CustomerEvent } from '../../events';

export interface JoinOrganisation {
  readonly organisation: string;
  readonly title: string | null;
}

/** @param state of the customer that is to be joined @throws Rejection NOT_AN_ORGANISATION */
export const assertOrganisation = (state: Customer): void => {
  if (state.status === 'active' && state.kind === 'organisation') return;
  const fault = { code: 'NOT_AN_ORGANISATION', detail: 'is not an organisation that is known' };
  throw new Rejection(fault.code, 'that customer is not an organisation', [{ pointer: '/organisation', ...fault }]);
};

/** Makes a person one of an organisation's people. A person is in one at a time. */
export const joinOrganisation = ({ organisation, title }: JoinOrganisation, state: Customer): CustomerEvent[] => {
  const record = activeRecord(state);
  if (record.kind !== 'person') throw new Rejection('NOT_A_PERSON', 'only people belong to organisations');
  if (record.organisation !== null && record.organisation !== organisation)
    throw new Rejection('MEMBER_ELSEWHERE', 'the person belongs to another organisation');
  if (record.organisation === organisation && record.title === title) return [];
  return [{ type: 'CustomerJoinedOrganisation', data: { organisation, title } }];
};

/** Ends the membership that there is. */
export const leaveOrganisation = (state: Customer): CustomerEvent[] => {
  const { organisation } = activeRecord(state);
  return organisation === null ? [] : [{ type: 'CustomerLeftOrganisation', data: { organisation } }];
};
