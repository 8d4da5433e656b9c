import { Customer, registerCustomer } from '../../customer';
import { CustomerEvent } from '../../events';
import { CustomerKind } from '../../vocabulary';

export interface Register {
  readonly kind: CustomerKind;
  readonly name: string;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly language: string | null;
}

/** Makes somebody a customer who has not asked for anything yet. */
export const register = ({ language, ...who }: Register, state: Customer): CustomerEvent[] => [
  ...registerCustomer({ ...who, request: null }, state),
  ...(language !== null && state.status === 'unknown'
    ? [{ type: 'CustomerPreferencesStated' as const, data: { language, channel: null } }]
    : []),
];
