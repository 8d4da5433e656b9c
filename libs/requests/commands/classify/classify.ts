import { Rejection } from '../../../eventing/rejection';
import { Classification, RequestEvent } from '../../events';
import { Request } from '../../request';
import { priorityOf } from '../../vocabulary';

export type ClassifyRequest = Partial<Omit<Classification, 'priority'>>;

const given = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

/** Says what kind of case it is, what it concerns and how much it matters; the priority follows from impact and urgency. */
export const classify = (command: ClassifyRequest, state: Request): RequestEvent[] => {
  if (state.status !== 'open' && state.status !== 'held')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  const wanted: Classification = {
    ...state,
    ...given(command),
    priority: priorityOf(command.impact ?? state.impact, command.urgency ?? state.urgency),
  };
  const names = ['type', 'category', 'product', 'impact', 'urgency', 'priority'] as const;
  const changed = names.filter((name) => wanted[name] !== state[name]);
  if (!changed.length) return [];
  return [{ type: 'RequestClassified', data: Object.fromEntries(changed.map((name) => [name, wanted[name]])) }];
};
