import { Rejection } from '../../../eventing/rejection';
import { ExceptionEvent } from '../../events';
import { CorrectiveAction, ExceptionCase, ongoing } from '../../exception';
import { actionsMax } from '../../vocabulary';

export interface PlanAction {
  readonly text: string;
  readonly responsible: string;
  /** RFC 3339. */
  readonly dueAt: string | null;
}

/** Says what is to be done about it, by whom and until when. */
export const planAction = (command: PlanAction, state: ExceptionCase): ExceptionEvent[] => {
  const { actions } = ongoing(state);
  if (actions.length >= actionsMax)
    throw new Rejection('TOO_MANY_ACTIONS', `an exception has at most ${actionsMax} corrective actions`);
  return [{ type: 'ExceptionActionPlanned', data: { action: actions.length + 1, ...command } }];
};

const actionOf = (state: ExceptionCase, action: number): CorrectiveAction => {
  const found = ongoing(state).actions[action - 1];
  if (found) return found;
  const detail = 'there is no such corrective action';
  throw new Rejection('UNKNOWN_ACTION', detail, [{ pointer: '/action', code: 'UNKNOWN_ACTION', detail }]);
};

export interface CompleteAction {
  readonly action: number;
  readonly by: string;
  readonly text: string;
}

export const completeAction = (command: CompleteAction, state: ExceptionCase): ExceptionEvent[] =>
  actionOf(state, command.action).status === 'planned' ? [{ type: 'ExceptionActionCompleted', data: command }] : [];

export interface VerifyAction extends CompleteAction {
  readonly effective: boolean;
}

/** Somebody who neither had to do it nor did it says whether it works. */
export const verifyAction = (command: VerifyAction, state: ExceptionCase): ExceptionEvent[] => {
  const { status, responsible, completedBy } = actionOf(state, command.action);
  if (status === 'verified') return [];
  if (status !== 'completed') throw new Rejection('ACTION_NOT_COMPLETED', 'what is not done cannot be verified');
  if (command.by === responsible || command.by === completedBy)
    throw new Rejection('FOUR_EYES_OWN', 'nobody verifies what they did or had to do');
  return [{ type: 'ExceptionActionVerified', data: command }];
};
