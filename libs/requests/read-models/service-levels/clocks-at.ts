import { type ClockState } from '../../../service-levels/clock-state';
import { type EndedBy, type IntervalCause } from '../../../service-levels/clock-track';
import {
  type Clock,
  type ClockStatusAt,
  elapsedAt,
  judgeClocks,
  type Revision,
  statusAt,
} from '../../../service-levels/clocks';
import { knownTerms } from '../../../service-levels/known-terms';
import { Metric, Pause } from '../../../service-levels/policy';
import { Priority } from '../../vocabulary';

/** One clock as it stands at an instant. */
export interface ClockView {
  readonly metric: Metric;
  readonly cycle: number;
  /** Id of the team that had the case when it began. */
  readonly team: string | null;
  readonly status: ClockStatusAt;
  readonly priority: Priority;
  readonly policy: Revision;
  readonly calendar: Revision;
  readonly targetSeconds: number;
  readonly elapsedSeconds: number;
  /** Less than 0 once the target is exceeded. */
  readonly remainingSeconds: number;
  readonly startedAt: string;
  readonly dueAt: string | null;
  readonly breachesAt: string | null;
  readonly fulfilledAt: string | null;
  /** What ended it; `policy` or `priority` when the case came under one that has no such clock. */
  readonly endedBy: EndedBy | null;
  readonly bornBreached: boolean;
  /** Of a clock that runs, as its policy wants them. */
  readonly warnings: readonly WarningView[];
  readonly intervals: readonly IntervalView[];
}

export interface WarningView {
  readonly at: string;
  /** Part of the target in percent, or counted seconds before it. */
  readonly share: number | null;
  readonly secondsBefore: number | null;
}

export interface IntervalView {
  readonly from: string;
  readonly to: string | null;
  readonly counted: boolean;
  readonly cause: IntervalCause;
  readonly pausedBy: Pause | null;
  readonly calendar: string;
  /** Revisions of the events that began and ended it. */
  readonly startedBy: string;
  readonly endedBy: string | null;
}

const iso = (instant: number): string => new Date(instant).toISOString();
const isoOrNull = (instant: number | null): string | null => (instant === null ? null : iso(instant));

/** The clocks at an instant. @param now epoch milliseconds; one before the last event counts as the last event's */
export const clocksAt = (state: ClockState, now: number): readonly ClockView[] => {
  const at = Math.max(now, state.lastAt);
  return judgeClocks(state, knownTerms).map((clock) => {
    const elapsedSeconds = elapsedAt(clock, knownTerms, at);
    return {
      metric: clock.metric,
      cycle: clock.cycle,
      team: clock.team,
      status: statusAt(clock, at),
      priority: clock.priority,
      policy: clock.policy,
      calendar: clock.calendar,
      targetSeconds: clock.targetSeconds,
      elapsedSeconds,
      remainingSeconds: clock.targetSeconds - elapsedSeconds,
      startedAt: iso(clock.startedAt),
      dueAt: isoOrNull(clock.dueAt),
      breachesAt: isoOrNull(clock.breachesAt),
      fulfilledAt: isoOrNull(clock.fulfilledAt),
      endedBy: clock.endedBy,
      bornBreached: clock.bornBreached,
      warnings: clock.warnings.map((warning) => ({ ...warning, at: iso(warning.at) })),
      intervals: clock.intervals.map(intervalView),
    };
  });
};

const intervalView = ({
  from,
  to,
  counted,
  cause,
  pausedBy,
  calendar,
  startedBy,
  endedBy,
}: Clock['intervals'][number]) => ({
  from: iso(from),
  to: isoOrNull(to),
  counted,
  cause,
  pausedBy,
  calendar,
  startedBy: String(startedBy),
  endedBy: endedBy === null ? null : String(endedBy),
});
