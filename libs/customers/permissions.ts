import { Role } from '../platform/auth/caller';

/** The one table of who may do what with customers, and who may read it. What is not in it is refused. */
const staff: readonly Role[] = ['agent', 'lead'];
/** Customers about themselves alone. */
const staffAndCustomer: readonly Role[] = ['agent', 'lead', 'customer'];
const leads: readonly Role[] = ['lead', 'admin'];

export const mayCommandCustomer = {
  register: staff,
  segment: leads,
  'add-contact-point': staffAndCustomer,
  'remove-contact-point': staffAndCustomer,
  'prefer-contact-point': staffAndCustomer,
  'state-preferences': staffAndCustomer,
  'give-consent': staffAndCustomer,
  'withdraw-consent': staffAndCustomer,
  rectify: staff,
  'agree-contract': leads,
  'end-contract': leads,
  'join-organisation': staff,
  'leave-organisation': staff,
  merge: leads,
  unmerge: leads,
  'place-legal-hold': leads,
  'release-legal-hold': leads,
  'restrict-processing': leads,
  'lift-restriction': leads,
  erase: leads,
} as const satisfies Record<string, readonly Role[]>;

export const mayReadCustomer = {
  /** One customer with everything that concerns them. */
  overview: ['agent', 'lead', 'auditor', 'reporter', 'admin', 'customer'],
  list: ['agent', 'lead', 'auditor', 'admin'],
  /** All that is held about a person, in clear. */
  export: ['lead', 'customer'],
  certificate: ['lead', 'auditor', 'admin', 'customer'],
  retention: ['lead', 'auditor', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

/** Who may say how long customers are kept. */
export const maySetRetention: readonly Role[] = ['admin'];
