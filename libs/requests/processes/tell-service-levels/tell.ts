import { Decided } from '../../../eventing/command-runner';
import { RequestEvent } from '../../events';
import { Request } from '../../request';
import { keyOf, Timekeeping, Timer, timersOf } from '../../timers';

/** A timer that has gone off, by the name that it had when it was found. */
export interface TellServiceLevel {
  readonly key: string;
  /** Epoch milliseconds, by the clock that the timer was found with. */
  readonly now: number;
}

const isSameRun = (one: Timer, other: Timer): boolean => one.metric === other.metric && one.cycle === other.cycle;

/**
 * Timers that have gone off, in the order in which they did. Nobody needs a warning of what has happened since: after an outage
 * the breach alone is told.
 */
export const goneOff = (time: Timekeeping, now: number): readonly Timer[] => {
  const passed = timersOf(time).filter(({ at }) => at <= now);
  const isOvertaken = (timer: Timer): boolean =>
    timer.type === 'ServiceLevelWarned' &&
    passed.some((other) => other.type === 'ServiceLevelBreached' && isSameRun(timer, other));
  return passed.filter((timer) => !isOvertaken(timer));
};

/** Records what a timer has to tell, unless it was told, or the case has taken another course since it was found. */
export const tellServiceLevel = ({ key, now }: TellServiceLevel, state: Request): Decided<RequestEvent>[] => {
  if (state.status === 'none') return [];
  const timer = goneOff(state.time, now).find((each) => keyOf(each) === key);
  if (!timer) return [];
  const { policy, calendar, terms, effectiveAt } = timer;
  return [{ ...told(timer), notes: { occurredAt: iso(effectiveAt), policy, calendar, terms } }];
};

const iso = (instant: number): string => new Date(instant).toISOString();

function told({ type, metric, cycle, dueAt, targetSeconds, bornBreached, share, seconds }: Timer): RequestEvent {
  const run = { metric, cycle, dueAt: iso(dueAt) };
  switch (type) {
    case 'ServiceLevelWarned':
      return { type, data: { ...run, share, secondsBefore: seconds } };
    case 'ServiceLevelBreached':
      return { type, data: { ...run, targetSeconds, bornBreached } };
    case 'ServiceLevelOverdue':
      return { type, data: { ...run, secondsAfter: seconds } };
  }
}
