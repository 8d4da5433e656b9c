import { Decided } from '../../../eventing/command-runner';
import { Rejection } from '../../../eventing/rejection';
import { activeRecord, Contract, Customer } from '../../customer';
import { CustomerEvent } from '../../events';

/** Records the contract that a customer is under; it takes the place of the one before. */
export const agreeContract = (contract: Contract, state: Customer): CustomerEvent[] => {
  const record = activeRecord(state);
  const { reference, level, from, until } = contract;
  if (until !== null && until <= from) {
    const detail = 'must be later than from';
    throw new Rejection('CONTRACT_NEVER_HOLDS', 'the contract ends before it begins', [
      { pointer: '/until', code: 'CONTRACT_NEVER_HOLDS', detail },
    ]);
  }
  const { contract: known } = record;
  const isSame =
    known?.reference === reference && known.level === level && known.from === from && known.until === until;
  return isSame ? [] : [{ type: 'CustomerContractAgreed', data: { reference, level, from, until } }];
};

/** Ends a contract before its time, or one that has none. */
export const endContract = (
  { reference, at }: { readonly reference: string; readonly at: string | undefined },
  state: Customer,
): Decided<CustomerEvent>[] => {
  const { contract } = activeRecord(state);
  if (contract?.reference !== reference)
    throw new Rejection('NO_SUCH_CONTRACT', 'the customer is under no contract of this reference');
  const notes = at === undefined ? {} : { notes: { occurredAt: at } };
  return [{ type: 'CustomerContractEnded', data: { reference }, ...notes }];
};
