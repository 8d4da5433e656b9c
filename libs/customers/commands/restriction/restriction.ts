import { activeRecord, Customer } from '../../customer';
import { CustomerEvent, RestrictionGround } from '../../events';

export interface RestrictProcessing {
  readonly ground: RestrictionGround;
  readonly reason: string;
}

/** Restricts what is done with a customer's data to keeping it, and to what they ask for. Saying so twice is not an error. */
export const restrictProcessing = ({ ground, reason }: RestrictProcessing, state: Customer): CustomerEvent[] =>
  activeRecord(state).restriction?.ground === ground
    ? []
    : [{ type: 'CustomerProcessingRestricted', data: { ground, reason } }];

/** Takes a restriction back. Customers are to be told before; that they were is the reason to give. */
export const liftRestriction = ({ reason }: Pick<RestrictProcessing, 'reason'>, state: Customer): CustomerEvent[] =>
  activeRecord(state).restriction ? [{ type: 'CustomerRestrictionLifted', data: { reason } }] : [];
