import { businessSeconds } from './calendar';
import type { Calendar } from './calendar-definition';

/** What is promised: a first public answer by staff, and a resolution. */
export const METRICS = ['first-response', 'resolution'] as const;
export type Metric = (typeof METRICS)[number];

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** On whom a case on hold waits. */
export type WaitingFor = 'customer' | 'supplier' | 'internal';

/** What a priority promises, in business seconds of one calendar. */
export interface PriorityTarget {
  /** Id of a calendar; which revision of it holds is the caller's to say. */
  readonly calendar: string;
  readonly targetSeconds: Readonly<Record<Metric, number>>;
}

/**
 * One revision of a policy: every decision about the clocks is a field of it, and none is in the engine.
 * It is a value: a change makes the next revision, and cases keep the one they were opened under.
 */
export interface ServiceLevelPolicy {
  readonly id: string;
  readonly revision: number;
  readonly targets: Readonly<Record<Priority, PriorityTarget>>;
  /** How a case without a priority is judged. */
  readonly priorityAbsent: Priority;
  /**
   * What a new priority does to a clock that still runs. `carry`: time already counted stays, by the calendar of its
   * day. `restart`: counting begins anew. `retroactive`: all is counted again as if the new priority had always held,
   * and the clock may be breached at once.
   */
  readonly priorityChange: 'carry' | 'restart' | 'retroactive';
  /** For each metric, the holds during which it does not count. */
  readonly pausedWaitingFor: Readonly<Record<Metric, readonly WaitingFor[]>>;
  /**
   * What reopening does. `continue`: the resolution clock goes on, without the time it was resolved. `new-cycle`: both
   * clocks begin anew, and the old ones keep their result.
   */
  readonly reopen: 'continue' | 'new-cycle';
}

// A promise that half a century cannot hold is a slip of the pen; a whole one is the limit of the engine.
const REACHED_FROM = Date.UTC(2000, 0, 1);
const REACHED_UNTIL = Date.UTC(2050, 0, 1);

/**
 * What keeps a policy from being saved beside these calendars, one sentence each; empty when it is valid.
 * @param calendars valid ones @throws RangeError when one is not
 */
export const policyFaults = (policy: ServiceLevelPolicy, calendars: readonly Calendar[]): string[] =>
  PRIORITIES.flatMap((priority) => {
    const target = policy.targets[priority];
    const calendar = calendars.find(({ id }) => id === target.calendar);
    if (!calendar) return [`${priority}: calendar ${target.calendar} is unknown`];
    return METRICS.flatMap((metric) =>
      targetFaults(target.targetSeconds[metric], calendar).map(named(priority, metric)),
    );
  });

const named =
  (priority: Priority, metric: Metric) =>
  (fault: string): string =>
    `${priority}: the ${metric} target ${fault}`;

function targetFaults(seconds: number, calendar: Calendar): string[] {
  if (!Number.isSafeInteger(seconds) || seconds < 1) return ['is no whole number of seconds from 1'];
  return businessSeconds(calendar, REACHED_FROM, REACHED_UNTIL) < seconds ? ['is not reached within 50 years'] : [];
}
