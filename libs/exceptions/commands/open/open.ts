import { Rejection } from '../../../eventing/rejection';
import { Deviation, ExceptionEvent } from '../../events';
import { assertAhead, ExceptionCase } from '../../exception';

export interface OpenException extends Deviation {
  readonly number: string;
  readonly customer: string;
  readonly by: string;
  readonly owner: string;
  readonly dueAt: string | null;
  /** RFC 3339. */
  readonly now: string;
}

/** Asks for an exception under a number that nobody holds yet. */
export const openException = ({ now, ...facts }: OpenException, state: ExceptionCase): ExceptionEvent[] => {
  if (state.status !== 'none') throw new Rejection('EXCEPTION_EXISTS', `exception ${state.number} is open already`);
  assertAhead(facts.until, now);
  return [{ type: 'ExceptionOpened', data: facts }];
};
