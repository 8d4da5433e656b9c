import { Role } from '../platform/auth/caller';

/** The one table of who may do what with exceptions. What is not in it is refused. */
const staff: readonly Role[] = ['agent', 'lead'];
const deciders: readonly Role[] = ['agent', 'lead', 'admin'];

export const mayExcept = {
  open: staff,
  amend: staff,
  assess: staff,
  assign: staff,
  /** Those without authority may stand in for somebody who has it; the rule asks for that. */
  approve: deciders,
  reject: deciders,
  delegate: deciders,
  'revoke-delegation': deciders,
  'withdraw-approval': deciders,
  renew: staff,
  'plan-action': staff,
  'complete-action': staff,
  'verify-action': staff,
  inform: staff,
  /** Whoever carries messages says what became of them. */
  'report-delivery': staff,
  close: staff,
  withdraw: staff,
  feedback: ['agent', 'lead', 'customer'],
} as const satisfies Record<string, readonly Role[]>;

export type ExceptionVerb = Exclude<keyof typeof mayExcept, 'open'>;

/** Who may decide by office. */
export const hasAuthority = (role: Role): boolean => role === 'lead' || role === 'admin';

const readers: readonly Role[] = ['agent', 'lead', 'auditor', 'reporter', 'admin'];

export const mayReadExceptions = {
  /** One exception as it stands; customers see of their own what is meant for them. */
  exception: [...readers, 'customer'],
  history: readers,
  list: readers,
  /** Those of one request. */
  ofRequest: [...readers, 'customer'],
  recurrence: readers,
} as const satisfies Record<string, readonly Role[]>;
