import { businessSeconds } from './calendar';
import type { Calendar } from './calendar-definition';
import { escalationFaults } from './escalation';
import { type Fault, fault, under } from './fault';
import {
  type ClockDefinition,
  type PolicyBody,
  PRIORITIES,
  type Priority,
  type ServiceLevelPolicy,
  type Target,
} from './policy';

// A promise that half a century cannot hold is a slip of the pen; a whole one is the limit of the engine.
const REACHED_FROM = Date.UTC(2000, 0, 1);
const REACHED_UNTIL = Date.UTC(2050, 0, 1);
const CLOCKS_MAX = 20;
const METRIC = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * What keeps a policy from being saved beside these calendars; empty when it is valid.
 * @param calendars valid ones @throws RangeError when one is not
 */
export const policyFaults = (policy: PolicyBody, calendars: readonly Calendar[]): readonly Fault[] => [
  ...countFaults(policy.clocks),
  ...policy.clocks.flatMap((clock, place) => under(`/clocks/${place}`, clockFaults(clock, place, policy, calendars))),
  ...matchFaults(policy),
  ...escalationFaults(
    policy.escalation ?? [],
    policy.clocks.map(({ metric }) => metric),
  ),
  ...(isSeconds(policy.reopenGraceSeconds, 0)
    ? []
    : [fault('/reopenGraceSeconds', 'NOT_SECONDS', 'is no whole number of seconds from 0')]),
];

const countFaults = ({ length }: readonly ClockDefinition[]): readonly Fault[] =>
  length >= 1 && length <= CLOCKS_MAX
    ? []
    : [fault('/clocks', 'CLOCKS_COUNT', `a policy has 1 to ${CLOCKS_MAX} clocks`)];

function clockFaults(
  clock: ClockDefinition,
  place: number,
  { clocks }: PolicyBody,
  calendars: readonly Calendar[],
): readonly Fault[] {
  const { metric, targets } = clock;
  const named = PRIORITIES.filter((priority) => targets[priority]);
  return [
    ...(METRIC.test(metric) ? [] : [fault('/metric', 'NOT_A_NAME', 'has lower-case letters, digits and dashes only')]),
    ...(clocks.findIndex((other) => other.metric === metric) === place
      ? []
      : [fault('/metric', 'CLOCK_TWICE', `there is a clock ${metric} already`)]),
    ...courseFaults(clock, clocks),
    ...(named.length ? [] : [fault('/targets', 'NO_TARGET', 'no priority has a target')]),
    ...named.flatMap((priority) => under(`/targets/${priority}`, targetFaults(targets[priority], calendars))),
    ...warningFaults(clock),
  ];
}

/** A clock that cannot begin, cannot end, or ends where it begins, promises nothing. */
function courseFaults({ metric, start, stop, repeats, after }: ClockDefinition, clocks: readonly ClockDefinition[]) {
  const both = start.find((trigger) => stop.includes(trigger));
  return [
    ...(start.length ? [] : [fault('/start', 'NEVER_STARTS', 'nothing starts it')]),
    ...(stop.length ? [] : [fault('/stop', 'NEVER_STOPS', 'nothing stops it')]),
    ...(both === undefined || repeats
      ? []
      : [fault('/start', 'STARTS_AND_STOPS', `${both} starts and stops a clock that does not repeat`)]),
    ...(after === null || (after !== metric && clocks.some((other) => other.metric === after && other.after === null))
      ? []
      : [fault('/after', 'UNKNOWN_CLOCK', `${after} is no other clock of this policy that waits for none`)]),
  ];
}

function targetFaults(target: Target | undefined, calendars: readonly Calendar[]): readonly Fault[] {
  if (!target) return [];
  const { calendar: id, targetSeconds } = target;
  const calendar = calendars.find((each) => each.id === id);
  if (!isSeconds(targetSeconds, 1))
    return [fault('/targetSeconds', 'NOT_SECONDS', 'is no whole number of seconds from 1')];
  if (!calendar) return [fault('/calendar', 'UNKNOWN_CALENDAR', `calendar ${id} is unknown or not active`)];
  return isReached(calendar, targetSeconds)
    ? []
    : [fault('/targetSeconds', 'TARGET_UNREACHABLE', 'is not reached within 50 years')];
}

const isReached = (calendar: Calendar, targetSeconds: number): boolean =>
  businessSeconds(calendar, REACHED_FROM, REACHED_UNTIL) >= targetSeconds;

/** What keeps a calendar from holding beside policies that count by it; empty when nothing does. */
export const unreachedTargets = (calendar: Calendar, policies: readonly ServiceLevelPolicy[]): readonly Fault[] =>
  policies.flatMap(({ id, clocks }) =>
    clocks.flatMap(({ metric, targets }) =>
      PRIORITIES.flatMap((priority) => {
        const target = targets[priority];
        if (target?.calendar !== calendar.id || isReached(calendar, target.targetSeconds)) return [];
        const detail = `${target.targetSeconds} s of ${metric}, ${priority} of policy ${id}, are not reached within 50 years`;
        return [fault('', 'TARGET_UNREACHABLE', detail)];
      }),
    ),
  );

function warningFaults({ warnShares, warnSecondsBefore, targets }: ClockDefinition): readonly Fault[] {
  const shortest = Math.min(...PRIORITIES.flatMap((priority: Priority) => targets[priority]?.targetSeconds ?? []));
  return [
    ...warnShares.flatMap((share, place) =>
      Number.isInteger(share) && share >= 1 && share <= 99
        ? []
        : [fault(`/warnShares/${place}`, 'NOT_A_SHARE', 'is no whole percentage from 1 to 99')],
    ),
    ...warnSecondsBefore.flatMap((seconds, place) =>
      isSeconds(seconds, 1) && seconds < shortest
        ? []
        : [fault(`/warnSecondsBefore/${place}`, 'WARNS_TOO_EARLY', 'is no part of the shortest target')],
    ),
  ];
}

const matchFaults = ({ match }: PolicyBody): readonly Fault[] =>
  Object.entries(match).flatMap(([name, values]: [string, readonly string[] | undefined]) =>
    values?.length === 0 ? [fault(`/match/${name}`, 'MATCHES_NOTHING', 'an empty list matches nothing')] : [],
  );

const isSeconds = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least;
