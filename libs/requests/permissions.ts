import { Role } from '../platform/auth/caller';

export { type Scope, scopeOf } from '../platform/auth/caller';

/** The one table of who may do what, and who may read what is personal. What is not in it is refused. */
const staff: readonly Role[] = ['agent', 'lead'];
const staffAndCustomer: readonly Role[] = ['agent', 'lead', 'customer'];

export const mayCommand = {
  open: staffAndCustomer,
  classify: staff,
  assign: staff,
  escalate: staff,
  hold: staff,
  resume: staff,
  respond: staffAndCustomer,
  /** Customers say something more, whatever has become of their case. */
  'follow-up': ['customer'],
  /** Whoever carries messages says what became of them. */
  'report-delivery': staff,
  /** Keeps what one is about to answer, for oneself. */
  draft: staff,
  'discard-draft': staff,
  note: staff,
  attach: staffAndCustomer,
  /** Staff write down what they are told. */
  feedback: staffAndCustomer,
  resolve: staff,
  close: staff,
  reopen: staffAndCustomer,
  cancel: staffAndCustomer,
  correct: staff,
  redact: ['lead', 'admin'],
  link: staff,
  unlink: staff,
  merge: staff,
  unmerge: staff,
  split: staff,
} as const satisfies Record<string, readonly Role[]>;

/** What fetches messages from their channels calls as one of these. */
export const mayReceive: readonly Role[] = ['agent', 'lead', 'admin'];

export const mayRead = {
  /** One case as it stands, and its service levels. */
  request: ['agent', 'lead', 'auditor', 'reporter', 'admin', 'customer'],
  /** Open ones like another: found by what was said. */
  similar: ['agent', 'lead', 'customer'],
  history: ['agent', 'lead', 'auditor', 'reporter', 'admin', 'customer'],
  /** Who is writing an answer. */
  drafts: ['agent', 'lead'],
  conversation: ['agent', 'lead', 'auditor', 'reporter', 'admin', 'customer'],
  /** What is to be carried to customers, in clear. */
  outbox: ['agent', 'lead'],
  /** The files themselves: who may not read what is personal has no use for them. */
  attachment: ['agent', 'lead', 'customer'],
  accountability: ['agent', 'lead', 'auditor', 'reporter', 'admin'],
  relations: ['agent', 'lead', 'auditor', 'reporter', 'admin'],
  serviceLevels: ['agent', 'lead', 'auditor', 'reporter', 'admin', 'customer'],
  /** Policies and calendars. */
  promises: ['agent', 'lead', 'auditor', 'reporter', 'admin'],
  /** Trying policies on the past. */
  backtests: ['lead', 'auditor', 'reporter', 'admin'],
  /** How the clocks of all cases stand. */
  population: ['agent', 'lead', 'auditor', 'reporter', 'admin'],
  /** What requests may name, and how they are routed. */
  configuration: ['agent', 'lead', 'auditor', 'reporter', 'admin'],
  queue: ['agent', 'lead', 'auditor', 'reporter', 'admin'],
  stream: ['agent', 'lead', 'auditor', 'reporter', 'admin', 'customer'],
  events: ['auditor', 'reporter', 'admin'],
  customer: ['agent', 'lead', 'auditor', 'admin'],
  directory: ['agent', 'lead', 'auditor', 'reporter', 'admin'],
} as const satisfies Record<string, readonly Role[]>;
