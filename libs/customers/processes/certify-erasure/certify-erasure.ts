import { Customer } from '../../customer';
import { CustomerEvent, CustomerEventOf } from '../../events';

/** Records the certificate of an erasure that is done, once. */
export const certifyErasure = (
  certified: CustomerEventOf<'CustomerErasureCertified'>['data'],
  state: Customer,
): CustomerEvent[] =>
  state.status === 'erased' && !state.erasure?.digest
    ? [{ type: 'CustomerErasureCertified', data: { ...certified } }]
    : [];
