import type { Calendar } from './calendar-definition';
import type { EscalationStep } from './escalation';

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** On whom a case on hold waits. */
export type WaitingFor = 'customer' | 'supplier' | 'internal';

/** What a clock counts towards: `first-response`, `resolution`, or any other name that a policy gives it. */
export type Metric = string;

/**
 * What can begin or end a clock. A reply is public and by somebody who was staff at the time; `automatic-reply` is one that a
 * process wrote, `noted` what staff say among themselves. `team-entered` comes with an opening or assignment that names a
 * team which the case was not at.
 */
export const TRIGGERS = [
  ...(['opened', 'classified', 'assigned', 'team-entered', 'team-left', 'escalated', 'held', 'resumed'] as const),
  ...(['staff-replied', 'automatic-reply', 'customer-wrote', 'noted'] as const),
  ...(['resolved', 'closed', 'cancelled', 'reopened'] as const),
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** States of a case during which a clock may stand still. */
export const PAUSES = [
  ...(['waiting-customer', 'waiting-supplier', 'waiting-internal'] as const),
  ...(['unassigned', 'resolved', 'closed'] as const),
] as const;
export type Pause = (typeof PAUSES)[number];

/** What a priority promises, in seconds that count by one calendar. */
export interface Target {
  /** Id of a calendar; which revision of it holds stands in the terms. */
  readonly calendar: string;
  readonly targetSeconds: number;
}

export interface ClockDefinition {
  readonly metric: Metric;
  readonly start: readonly Trigger[];
  readonly stop: readonly Trigger[];
  /** Ends it without a judgement. What stops it as well stops it. */
  readonly cancel: readonly Trigger[];
  readonly pause: readonly Pause[];
  /** Once ended it may begin again, as the next cycle. Otherwise only a reopening makes another. */
  readonly repeats: boolean;
  /** Begins only while this other clock has been met or missed: the next answer is asked for after the first one. */
  readonly after: Metric | null;
  /** A fulfilled one goes on when the case is reopened and `reopen` says `continue`. */
  readonly reopens: boolean;
  /** Counts only time at this team, between `team-entered` and `team-left` of that one; null for whichever team. */
  readonly team: string | null;
  /** A priority that is not named has no such clock. */
  readonly targets: Readonly<Partial<Record<Priority, Target>>>;
  /** Parts of the target in percent after which somebody is warned. */
  readonly warnShares: readonly number[];
  /** Counted seconds before the target is reached at which somebody is warned. */
  readonly warnSecondsBefore: readonly number[];
}

/** Which cases a policy is for: each list that is given must hold the case's value. None at all: every case. */
export interface PolicyMatch {
  readonly types?: readonly string[];
  readonly categories?: readonly string[];
  readonly products?: readonly string[];
  readonly customerSegments?: readonly string[];
  /** Ids of teams. */
  readonly teams?: readonly string[];
  readonly priorities?: readonly Priority[];
}

/**
 * What a change does to a clock that still runs. `carry`: time already counted stays, by the calendar of its day.
 * `restart`: counting begins anew. `retroactive`: all is counted again as if it had always been so, and the clock may be
 * breached at once.
 */
export const CHANGES = ['carry', 'restart', 'retroactive'] as const;
export type Change = (typeof CHANGES)[number];

/**
 * What reopening does. `continue`: clocks go on, without the time the case was resolved. `new-cycle`: those that began with
 * the opening begin anew, and the old ones keep their result. `grace`: the former within some seconds after the end, else the latter.
 */
export const REOPENINGS = ['continue', 'new-cycle', 'grace'] as const;
export type Reopening = (typeof REOPENINGS)[number];

/**
 * What becomes of a clock that runs when another case is merged into its own. `earliest`: what that one's clock of the same name had
 * counted before this one began counts here. `own`: nothing. The clocks of the merged case end, whatever stands here.
 */
export const MERGINGS = ['earliest', 'own'] as const;
export type Merging = (typeof MERGINGS)[number];

/** One revision of a policy without its name: every decision about the clocks is a field of it, and none is in the engine. */
export interface PolicyBody {
  readonly match: PolicyMatch;
  readonly clocks: readonly ClockDefinition[];
  /** How a case without a priority is judged. */
  readonly priorityAbsent: Priority;
  readonly priorityChange: Change;
  /** What happens to the clocks of a case that comes under this policy from another one, or from an earlier revision. */
  readonly policyChange: Change;
  /** Whether a case that this policy matches again (classified, assigned) moves on to the revision of that day, or keeps its own. */
  readonly revisionChange: 'keep' | 'move';
  readonly reopen: Reopening;
  readonly reopenGraceSeconds: number;
  /** Absent: `earliest`. */
  readonly merge?: Merging;
  /** What is done when a clock warns or breaks; absent: the standard chain. */
  readonly escalation?: readonly EscalationStep[];
}

/** A value: a change makes the next revision, and cases keep the one that their events name. */
export interface ServiceLevelPolicy extends PolicyBody {
  readonly id: string;
  readonly revision: number;
}

/** All that judging needs to know: one policy, and the revisions of the calendars that it names. */
export interface Terms {
  readonly policy: ServiceLevelPolicy;
  readonly calendars: readonly Calendar[];
}

/** Digest of the content of terms, as events name them. */
export type TermsKey = string;

/** Content by its digest. @throws UnknownTerms */
export type TermsBook = (key: TermsKey) => Terms;

/** Nobody here has read what this digest stands for. The case stops, as with an unknown type of event. */
export class UnknownTerms extends Error {
  override readonly name = 'UnknownTerms';
}

export const clockOf = ({ clocks }: PolicyBody, metric: Metric): ClockDefinition | undefined =>
  clocks.find((clock) => clock.metric === metric);

/** @throws RangeError when the terms lack a calendar that their policy names */
export const calendarIn = ({ calendars }: Terms, id: string): Calendar => {
  const calendar = calendars.find((candidate) => candidate.id === id);
  if (!calendar) throw new RangeError(`calendar ${id} is not among those given`);
  return calendar;
};
