import { Rejection } from '../../../eventing/rejection';
import { ExceptionEvent } from '../../events';
import { ExceptionCase, existing, ongoing } from '../../exception';

/** Puts one away that has run its course: decided, every corrective action verified, the customer told. */
export const closeException = (
  { prevention }: { readonly prevention: string },
  state: ExceptionCase,
): ExceptionEvent[] => {
  if (state.status === 'closed') return [];
  const { status, actions, notices, number } = ongoing(state);
  if (status !== 'approved' && status !== 'expired')
    throw new Rejection('EXCEPTION_NOT_APPROVED', `exception ${number} is ${status}`);
  const open = actions.findIndex((action) => action.status !== 'verified');
  if (open >= 0) throw new Rejection('ACTION_NOT_VERIFIED', `corrective action ${open + 1} is not verified`);
  if (!notices) throw new Rejection('CUSTOMER_NOT_INFORMED', 'the customer has been told nothing');
  return [{ type: 'ExceptionClosed', data: { prevention } }];
};

/** Takes back what was asked for, while it does not hold. */
export const withdrawException = ({ reason }: { readonly reason: string }, state: ExceptionCase): ExceptionEvent[] => {
  if (state.status === 'withdrawn') return [];
  const { status, number } = ongoing(state);
  if (status === 'approved' || status === 'expired')
    throw new Rejection('EXCEPTION_DECIDED', `exception ${number} is ${status}: close it`);
  return [{ type: 'ExceptionWithdrawn', data: { reason } }];
};

export interface GiveFeedback {
  readonly from: 'customer' | 'staff';
  /** 1 to 5. */
  readonly rating: number;
  readonly text?: string | undefined;
}

const over: readonly ExceptionCase['status'][] = ['closed', 'rejected', 'unneeded', 'withdrawn'];

/** How it was for those concerned. Each time counts for itself. */
export const giveFeedback = (command: GiveFeedback, state: ExceptionCase): ExceptionEvent[] => {
  const { status, number } = existing(state);
  if (!over.includes(status)) throw new Rejection('EXCEPTION_NOT_OVER', `exception ${number} is ${status}`);
  return [{ type: 'ExceptionFeedbackGiven', data: command }];
};
