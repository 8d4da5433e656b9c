import { afterReport, DeliveryReport, Sending, unsent } from '../channels/delivery';
import { Evolution } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { Rejection } from '../eventing/rejection';
import { Deviation, exceptionCategory, ExceptionEvent, ExceptionEventOf } from './events';
import { ExceptionClass, ExceptionImpact, ExceptionStatus, Severity } from './vocabulary';

/** One approval: who gave it, and in whose place. Both are its people. */
export interface Approval {
  readonly by: string;
  readonly behalfOf: string | null;
}

export interface Delegation {
  readonly by: string;
  readonly to: string;
}

export interface Assessment {
  readonly severity: Severity;
  readonly impact: ExceptionImpact;
  readonly class: ExceptionClass;
}

export interface CorrectiveAction {
  readonly responsible: string;
  readonly dueAt: string | null;
  readonly status: 'planned' | 'completed' | 'verified';
  readonly completedBy: string | null;
}

/** A notice that somebody has to carry to the customer, by its revision. */
export interface SentNotice extends Sending {
  readonly notice: number;
  /** When it was written; RFC 3339. */
  readonly since: string;
}

type Plain = Omit<Deviation, 'what' | 'why'>;

export interface ExistingException extends Plain {
  readonly status: ExceptionStatus;
  readonly number: string;
  readonly customer: string;
  readonly owner: string;
  readonly dueAt: string | null;
  /** Whose own matter it is: who opened, wrote or has ever owned it, or asked for more time. None of them decides on it. */
  readonly parties: readonly string[];
  readonly assessment: Assessment | null;
  readonly delegations: readonly Delegation[];
  /** Given for the decision that is pending. */
  readonly approvals: readonly Approval[];
  /** What it rests on while it holds; empty when it does not. */
  readonly granted: readonly Approval[];
  /** Until when what was approved last holds or held. */
  readonly validUntil: string | null;
  /** Asked for and not decided. */
  readonly renewal: { readonly until: string } | null;
  readonly actions: readonly CorrectiveAction[];
  /** How often the customer was told something. */
  readonly notices: number;
  readonly sent: readonly SentNotice[];
  /** The due instant that was told to have passed. */
  readonly overdueTold: string | null;
}

/** An exception as its events make it. */
export type ExceptionCase = { readonly status: 'none'; readonly number: '' } | ExistingException;

export const noException: ExceptionCase = { status: 'none', number: '' };

export const peopleOf = (approvals: readonly Approval[]): readonly string[] =>
  approvals.flatMap(({ by, behalfOf }) => (behalfOf === null ? [by] : [by, behalfOf]));

const withParty = (state: ExistingException, person: string): ExistingException =>
  state.parties.includes(person) ? state : { ...state, parties: [...state.parties, person] };

const undecided = { approvals: [], granted: [], renewal: null, validUntil: null } as const;

const present = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

const withAction = (
  state: ExistingException,
  action: number,
  change: Partial<CorrectiveAction>,
): ExistingException => ({
  ...state,
  actions: state.actions.map((each, index) => (index === action - 1 ? { ...each, ...change } : each)),
});

const sameAs =
  ({ by, to }: Delegation) =>
  (other: Delegation): boolean =>
    other.by === by && other.to === to;

/** What a taken-back approval leaves: one that the exception rested on takes its force away, the others stay given. */
const withoutApproval = (state: ExistingException, approver: string): ExistingException => {
  const others = (approvals: readonly Approval[]) => approvals.filter(({ by }) => by !== approver);
  if (state.granted.some(({ by }) => by === approver))
    return { ...state, ...undecided, status: 'assessed', approvals: others(state.granted) };
  return { ...state, approvals: others(state.approvals) };
};

const withNotice = (
  state: ExistingException,
  { data, revision: notice, metadata }: Recorded<ExceptionEventOf<'ExceptionCustomerInformed'>>,
): ExistingException =>
  data.messageId === undefined
    ? state
    : { ...state, sent: [...state.sent, { notice, since: metadata.occurredAt, ...unsent }] };

const withReport = (state: ExistingException, about: number, report: DeliveryReport): ExistingException => ({
  ...state,
  sent: state.sent.map((each) => (each.notice === about ? { ...each, ...afterReport(each, report) } : each)),
});

/** Folds one event into an exception. Total over every event in every state. */
export const evolveException = (state: ExceptionCase, event: Recorded<ExceptionEvent>): ExceptionCase => {
  if (event.type === 'ExceptionOpened') {
    const { what: _what, why: _why, by, ...facts } = event.data;
    const parties = [...new Set([by, facts.owner])];
    return {
      ...{ ...facts, ...undecided, status: 'opened', parties, assessment: null, delegations: [], actions: [] },
      ...{ notices: 0, sent: [], overdueTold: null },
    };
  }
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'ExceptionAmended': {
      const { what: _what, why: _why, by, ...changes } = event.data;
      return withParty({ ...state, ...present(changes), ...undecided, status: 'opened', assessment: null }, by);
    }
    case 'ExceptionAssessed': {
      const { severity, impact, class: grade } = event.data;
      return { ...state, ...undecided, status: 'assessed', assessment: { severity, impact, class: grade } };
    }
    case 'ExceptionFoundUnneeded':
      return { ...state, ...undecided, status: 'unneeded' };
    case 'ExceptionAssigned':
      return withParty({ ...state, owner: event.data.owner }, event.data.owner);
    case 'ExceptionDueSet':
      return { ...state, dueAt: event.data.dueAt };
    case 'ExceptionApprovalDelegated':
      return { ...state, delegations: [...state.delegations, { by: event.data.by, to: event.data.to }] };
    case 'ExceptionDelegationRevoked': {
      const isRevoked = sameAs(event.data);
      return { ...state, delegations: state.delegations.filter((each) => !isRevoked(each)) };
    }
    case 'ExceptionApprovalGiven':
      return { ...state, approvals: [...state.approvals, { by: event.data.by, behalfOf: event.data.behalfOf }] };
    case 'ExceptionApproved': {
      const { until } = event.data;
      return { ...state, ...undecided, status: 'approved', granted: state.approvals, validUntil: until, until };
    }
    case 'ExceptionApprovalWithdrawn':
      return withoutApproval(state, event.data.approver);
    case 'ExceptionRejected':
      return state.renewal
        ? { ...state, approvals: [], renewal: null }
        : { ...state, ...undecided, status: 'rejected' };
    case 'ExceptionRenewalRequested':
      return withParty({ ...state, approvals: [], renewal: { until: event.data.until } }, event.data.by);
    case 'ExceptionExpired':
      return { ...state, status: 'expired', granted: [] };
    case 'ExceptionOverdue':
      return { ...state, overdueTold: event.data.dueAt };
    case 'ExceptionActionPlanned': {
      const { responsible, dueAt } = event.data;
      return { ...state, actions: [...state.actions, { responsible, dueAt, status: 'planned', completedBy: null }] };
    }
    case 'ExceptionActionCompleted':
      return withAction(state, event.data.action, { status: 'completed', completedBy: event.data.by });
    case 'ExceptionActionVerified':
      return withAction(state, event.data.action, { status: event.data.effective ? 'verified' : 'planned' });
    case 'ExceptionCustomerInformed':
      return { ...withNotice(state, event), notices: state.notices + 1 };
    case 'ExceptionNoticeDelivered':
      return withReport(state, event.data.about, { outcome: 'delivered' });
    case 'ExceptionNoticeFailed':
      return withReport(state, event.data.about, { outcome: 'failed', ...event.data });
    case 'ExceptionClosed':
      return { ...state, status: 'closed', granted: [], approvals: [], renewal: null };
    case 'ExceptionWithdrawn':
      return { ...state, ...undecided, status: 'withdrawn' };
    case 'ExceptionFeedbackGiven':
      return state;
  }
};

export const exceptionEvolution: Evolution<ExceptionCase, ExceptionEvent> = {
  category: exceptionCategory,
  initialState: noException,
  evolve: evolveException,
  ownerOf: (state, event) => {
    if (state.status !== 'none') return state.customer;
    return event?.type === 'ExceptionOpened' ? event.data.customer : undefined;
  },
};

const ended: readonly ExceptionCase['status'][] = ['unneeded', 'withdrawn', 'closed'];

/** The exception that a command is for, as long as it goes on. @throws Rejection EXCEPTION_ENDED */
export const ongoing = (state: ExceptionCase): ExistingException => {
  if (state.status === 'none' || ended.includes(state.status))
    throw new Rejection('EXCEPTION_ENDED', `exception ${state.number} is ${state.status}`);
  return state;
};

/** The exception that a command is for, whatever has become of it. @throws Rejection EXCEPTION_ENDED when there is none */
export const existing = (state: ExceptionCase): ExistingException => {
  if (state.status === 'none') throw new Rejection('EXCEPTION_ENDED', 'there is no such exception');
  return state;
};

/** @param until RFC 3339, which must lie behind the other instants; null is for ever @throws Rejection VALIDITY_OVER */
export const assertAhead = (until: string | null, ...instants: readonly string[]): void => {
  if (until === null || instants.every((instant) => Date.parse(instant) < Date.parse(until))) return;
  const detail = 'must lie ahead, and behind the end that it has';
  throw new Rejection('VALIDITY_OVER', detail, [{ pointer: '/until', code: 'VALIDITY_OVER', detail }]);
};
