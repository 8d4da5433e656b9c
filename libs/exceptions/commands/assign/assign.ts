import { Rejection } from '../../../eventing/rejection';
import { ExceptionEvent } from '../../events';
import { ExceptionCase, ongoing, peopleOf } from '../../exception';

export interface AssignException {
  /** Left out: it stays whose it is. */
  readonly owner: string | undefined;
  /** RFC 3339; null takes the date away, left out it stays. */
  readonly dueAt: string | null | undefined;
}

/** Says who sees to it and until when. Whoever has approved it cannot make it their own. */
export const assign = ({ owner, dueAt }: AssignException, state: ExceptionCase): ExceptionEvent[] => {
  const known = ongoing(state);
  const events: ExceptionEvent[] = [];
  if (owner !== undefined && owner !== known.owner) {
    if (peopleOf([...known.approvals, ...known.granted]).includes(owner))
      throw new Rejection('FOUR_EYES_OWN', 'whoever has approved it cannot own it');
    events.push({ type: 'ExceptionAssigned', data: { owner, from: known.owner } });
  }
  if (dueAt !== undefined && dueAt !== known.dueAt)
    events.push({ type: 'ExceptionDueSet', data: { dueAt, from: known.dueAt } });
  return events;
};
