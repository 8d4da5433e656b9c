import { Role, staff, staffAndCustomer } from '../platform/auth/caller';

/**
 * Verbs that can be ordered by name, for many cases or by a rule, and who may: by name as by their route. Those that rewrite the record
 * are for people, one at a time.
 */
export const mayOrder = {
  assign: staff,
  cancel: staffAndCustomer,
  classify: staff,
  close: staff,
  escalate: staff,
  hold: staff,
  note: staff,
  reopen: staffAndCustomer,
  resolve: staff,
  respond: staffAndCustomer,
  resume: staff,
} as const satisfies Record<string, readonly Role[]>;
export type OrderVerb = keyof typeof mayOrder;
export const orderVerbs = Object.keys(mayOrder) as readonly OrderVerb[];
