import { Rejection } from '../../../eventing/rejection';
import { ExceptionEvent } from '../../events';
import { Approval, ExceptionCase, ExistingException, ongoing, peopleOf } from '../../exception';
import { approvalsNeeded } from '../../vocabulary';

/**
 * Four eyes.
 *
 * Guarantee: an exception holds only by the approvals of two people of whom neither is, or stands in for, the other, and of whom
 * none has a part in it: not who opened it, not who wrote it anew, not who owns or ever owned it, not who asked for more time.
 * Whatever changes what was approved makes the approvals void. One refusal is enough to reject.
 */
export interface Decider {
  readonly by: string;
  /** May decide by office; without it only in the place of somebody who may. */
  readonly hasAuthority: boolean;
}

export interface ApproveException extends Decider {
  /** In whose place. */
  readonly behalfOf: string | null;
  /** RFC 3339. */
  readonly now: string;
}

const pending = (state: ExceptionCase): ExistingException => {
  const known = ongoing(state);
  if (known.status === 'opened')
    throw new Rejection('EXCEPTION_NOT_ASSESSED', `exception ${known.number} is not assessed`);
  if (known.status !== 'assessed' && !known.renewal)
    throw new Rejection('EXCEPTION_DECIDED', `exception ${known.number} is ${known.status}`);
  return known;
};

const assertNoParty = ({ parties }: ExistingException, ...people: readonly (string | null)[]): void => {
  if (people.some((person) => person !== null && parties.includes(person)))
    throw new Rejection('FOUR_EYES_OWN', 'nobody decides on what they opened, wrote or own');
};

/** Whether this person may decide, in this place. @throws Rejection */
const assertEntitled = (
  { delegations }: ExistingException,
  { by, hasAuthority, behalfOf }: Decider & { readonly behalfOf: string | null },
): void => {
  if (behalfOf === null) {
    if (!hasAuthority) throw new Rejection('AUTHORITY_NEEDED', 'this takes somebody who may decide, or their place');
    return;
  }
  if (!delegations.some((each) => each.by === behalfOf && each.to === by))
    throw new Rejection('NOT_DELEGATED', 'nobody has put this person in that place');
};

const sameAs =
  ({ by, behalfOf }: Approval) =>
  (other: Approval): boolean =>
    other.by === by && other.behalfOf === behalfOf;

/** Gives one approval; with the second one it holds. Approving twice is not an error, and no second approval. */
export const approve = (command: ApproveException, state: ExceptionCase): ExceptionEvent[] => {
  const { by, behalfOf, now } = command;
  const given: Approval = { by, behalfOf };
  if (state.status !== 'none' && [...state.approvals, ...(state.renewal ? [] : state.granted)].some(sameAs(given)))
    return [];
  const known = pending(state);
  assertEntitled(known, command);
  assertNoParty(known, by, behalfOf);
  const people = peopleOf(known.approvals);
  if (peopleOf([given]).some((person) => people.includes(person)))
    throw new Rejection('FOUR_EYES_SAME', 'the second approval takes somebody else');
  const until = known.renewal?.until ?? known.until;
  if (until !== null && Date.parse(until) <= Date.parse(now))
    throw new Rejection('VALIDITY_OVER', 'its time is over: ask for another');
  const approvals = [...known.approvals, given];
  const approval: ExceptionEvent = { type: 'ExceptionApprovalGiven', data: given };
  if (approvals.length < approvalsNeeded) return [approval];
  const approvers = approvals.map((each) => each.by);
  return [approval, { type: 'ExceptionApproved', data: { approvers, until } }];
};

export interface RejectException extends Decider {
  readonly reason: string;
}

/** Says no: to the exception, or to more time for it. */
export const reject = ({ by, hasAuthority, reason }: RejectException, state: ExceptionCase): ExceptionEvent[] => {
  if (state.status === 'rejected') return [];
  const known = pending(state);
  assertEntitled(known, { by, hasAuthority, behalfOf: null });
  assertNoParty(known, by);
  return [{ type: 'ExceptionRejected', data: { by, reason } }];
};

export interface WithdrawApproval {
  readonly by: string;
  readonly reason: string;
}

/** Takes back what one gave, or what was given in one's place. */
export const withdrawApproval = ({ by, reason }: WithdrawApproval, state: ExceptionCase): ExceptionEvent[] => {
  const { approvals, granted } = ongoing(state);
  const own = [...approvals, ...granted].find((each) => each.by === by || each.behalfOf === by);
  return own ? [{ type: 'ExceptionApprovalWithdrawn', data: { by, approver: own.by, reason } }] : [];
};

export interface DelegateApproval extends Decider {
  readonly to: string;
}

/** Puts somebody in one's place for this exception. A place that one was put in oneself is not handed on. */
export const delegate = ({ by, hasAuthority, to }: DelegateApproval, state: ExceptionCase): ExceptionEvent[] => {
  const known = ongoing(state);
  if (known.delegations.some((each) => each.by === by && each.to === to)) return [];
  assertEntitled(known, { by, hasAuthority, behalfOf: null });
  if (to === by) throw new Rejection('FOUR_EYES_SAME', 'nobody stands in for themselves');
  assertNoParty(known, by, to);
  return [{ type: 'ExceptionApprovalDelegated', data: { by, to } }];
};

/** Takes the place back. What was approved in it stays approved until it is withdrawn. */
export const revokeDelegation = (
  { by, to }: { readonly by: string; readonly to: string },
  state: ExceptionCase,
): ExceptionEvent[] =>
  ongoing(state).delegations.some((each) => each.by === by && each.to === to)
    ? [{ type: 'ExceptionDelegationRevoked', data: { by, to } }]
    : [];
