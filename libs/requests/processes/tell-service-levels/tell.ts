import { Decided } from '../../../eventing/command-runner';
import { RequestEvent } from '../../events';
import { Request } from '../../request';
import { keyOf, Timekeeping, Timer, timersOf } from '../../timers';

/** Timers of a case that have gone off, by the names that they had when they were found. */
export interface TellServiceLevels {
  readonly keys: readonly string[];
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

/** Records what timers have to tell, unless it was told, or the case has taken another course since they were found. */
export const tellServiceLevels = ({ keys, now }: TellServiceLevels, state: Request): Decided<RequestEvent>[] => {
  if (state.status === 'none') return [];
  return goneOff(state.time, now)
    .filter((timer) => keys.includes(keyOf(timer)))
    .map((timer) => {
      const { policy, calendar, terms, effectiveAt } = timer;
      return { ...told(timer), notes: { occurredAt: iso(effectiveAt), policy, calendar, terms } };
    });
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
