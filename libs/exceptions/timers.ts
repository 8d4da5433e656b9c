import { Decided } from '../eventing/command-runner';
import { ExceptionEvent } from './events';
import { ExceptionCase } from './exception';

/**
 * What time alone does to an exception: it expires, or it is overdue.
 *
 * A timer is a pure consequence of the events, and what it tells is dated at its instant, however late it is written. What was told
 * is never told again: after expiring nothing expires, and the same due instant is overdue once.
 */
export interface ExceptionTimer {
  readonly type: 'ExceptionExpired' | 'ExceptionOverdue';
  /** RFC 3339. */
  readonly at: string;
}

export const isOver = ({ status }: Pick<ExceptionCase, 'status'>): boolean =>
  status === 'closed' || status === 'withdrawn' || status === 'unneeded' || status === 'rejected';

type Timed = Pick<Extract<ExceptionCase, { customer: string }>, 'status' | 'validUntil' | 'dueAt' | 'overdueTold'>;

/** In the order of time. */
export const timersOf = ({ status, validUntil, dueAt, overdueTold }: Timed): readonly ExceptionTimer[] => {
  const timers: ExceptionTimer[] = [];
  if (status === 'approved' && validUntil !== null) timers.push({ type: 'ExceptionExpired', at: validUntil });
  if (!isOver({ status }) && dueAt !== null && dueAt !== overdueTold)
    timers.push({ type: 'ExceptionOverdue', at: dueAt });
  return timers.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
};

/** Timers that have gone off by `now`, epoch milliseconds. */
export const goneOff = (state: ExceptionCase, now: number): readonly ExceptionTimer[] =>
  state.status === 'none' ? [] : timersOf(state).filter(({ at }) => Date.parse(at) <= now);

/** Records what a timer has to tell, unless it was told or the exception has taken another course since it was found. */
export const tell = (
  { type, at }: ExceptionTimer,
  now: number,
  state: ExceptionCase,
): readonly Decided<ExceptionEvent>[] => {
  if (!goneOff(state, now).some((timer) => timer.type === type && timer.at === at)) return [];
  const notes = { occurredAt: at };
  return type === 'ExceptionExpired' ? [{ type, data: { until: at }, notes }] : [{ type, data: { dueAt: at }, notes }];
};
