import { specification } from '../../eventing/testing/specification';
import { customerEvolution } from '../customer';
import { CustomerEvent, CustomerEventOf } from '../events';

export const ada = '122b6a4b-4f9a-561d-899c-d7a87d737e0c';

/** `given(registered(), …).when(rule).then(events)` about one customer. */
export const given = specification(customerEvolution(ada), ada);

export const registered = (
  facts: Partial<CustomerEventOf<'CustomerRegistered'>['data']> = {},
): CustomerEventOf<'CustomerRegistered'> => ({
  type: 'CustomerRegistered',
  data: { kind: 'person', name: 'Ada Byron', email: 'ada@example.org', request: null, ...facts },
});

export const erased: readonly CustomerEvent[] = [
  { type: 'CustomerErasureRequested', data: { ground: 'requested' } },
  { type: 'CustomerErased', data: { keyDestroyedAt: '2026-01-05T09:00:00.000Z' } },
];
