import { Rejection } from '../../../eventing/rejection';
import { ExceptionEvent } from '../../events';
import { ExceptionCase, ongoing } from '../../exception';
import { classOf, ExceptionImpact, Severity } from '../../vocabulary';

export interface AssessException {
  readonly severity: Severity;
  readonly impact: ExceptionImpact;
  readonly reasoning: string;
  readonly by: string;
}

/** Says how grave it is. Said anew of an exception that holds, it is to be approved again. */
export const assess = (
  { severity, impact, reasoning, by }: AssessException,
  state: ExceptionCase,
): ExceptionEvent[] => {
  const { assessment, status } = ongoing(state);
  if (status === 'rejected' || status === 'expired')
    throw new Rejection('EXCEPTION_DECIDED', `exception ${state.number} is ${status}`);
  if (assessment?.severity === severity && assessment.impact === impact) return [];
  return [{ type: 'ExceptionAssessed', data: { severity, impact, class: classOf(severity, impact), reasoning, by } }];
};

export interface FindUnneeded {
  readonly reasoning: string;
  readonly by: string;
}

/** Ends one that is none: not every issue needs an exception. One that somebody has decided on is no longer to be talked away. */
export const findUnneeded = ({ reasoning, by }: FindUnneeded, state: ExceptionCase): ExceptionEvent[] => {
  if (state.status === 'unneeded') return [];
  const { status } = ongoing(state);
  if (status !== 'opened' && status !== 'assessed')
    throw new Rejection('EXCEPTION_DECIDED', `exception ${state.number} is ${status}`);
  return [{ type: 'ExceptionFoundUnneeded', data: { reasoning, by } }];
};
