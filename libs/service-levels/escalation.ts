import { type Fault, fault, under } from './fault';

type Metric = string;

/** Who is told. */
export const AUDIENCES = ['assignee', 'team', 'leads'] as const;
export type Audience = (typeof AUDIENCES)[number];

export type EscalationAction =
  | { readonly kind: 'notify'; readonly audience: Audience }
  /** To the next support level. */
  | { readonly kind: 'raise-level' }
  | { readonly kind: 'reassign'; readonly team: string };

/** What the timers of a clock tell. */
export const OCCASIONS = ['warned', 'breached', 'overdue'] as const;
export type Occasion = (typeof OCCASIONS)[number];

/** One step of the chain: when it comes, and what is done then. Steps of one occasion are taken in their order. */
export interface EscalationStep {
  /** Of which clock; null for every one. */
  readonly metric: Metric | null;
  readonly on: Occasion;
  /** Of `warned`: the part of the target in percent; null for each warning of the clock. */
  readonly share: number | null;
  /** Of `overdue`: counted seconds after the due instant; otherwise 0. */
  readonly secondsAfter: number;
  readonly action: EscalationAction;
}

const hour = 3_600;

/** What a policy that names no chain asks for. It is built in: another one needs a policy that names it. */
export const standardEscalation: readonly EscalationStep[] = [
  { metric: null, on: 'warned', share: 75, secondsAfter: 0, action: { kind: 'notify', audience: 'assignee' } },
  { metric: null, on: 'breached', share: null, secondsAfter: 0, action: { kind: 'notify', audience: 'leads' } },
  { metric: null, on: 'overdue', share: null, secondsAfter: hour, action: { kind: 'raise-level' } },
];

/** The chain of a policy. */
export const chainOf = ({
  escalation,
}: {
  readonly escalation?: readonly EscalationStep[];
}): readonly EscalationStep[] => escalation ?? standardEscalation;

export interface Told {
  readonly on: Occasion;
  readonly metric: Metric;
  readonly share: number | null;
  readonly secondsAfter: number;
}

/** The steps that something told brings, each with its place in the chain. */
export const stepsFor = (
  chain: readonly EscalationStep[],
  told: Told,
): readonly (readonly [number, EscalationStep])[] =>
  [...chain.entries()].filter(
    ([, { metric, on, share, secondsAfter }]) =>
      on === told.on &&
      (metric === null || metric === told.metric) &&
      (on !== 'warned' || share === null || share === told.share) &&
      (on !== 'overdue' || secondsAfter === told.secondsAfter),
  );

const STEPS_MAX = 50;
const SECONDS_AFTER_MAX = 366 * 86_400;

/** What keeps a chain from being saved; empty when it is valid. */
export const escalationFaults = (
  escalation: readonly EscalationStep[],
  metrics: readonly Metric[],
): readonly Fault[] => {
  if (escalation.length > STEPS_MAX)
    return [fault('/escalation', 'STEPS_COUNT', `a chain has at most ${STEPS_MAX} steps`)];
  const known = new Set(metrics);
  return escalation.flatMap((step, place) => under(`/escalation/${place}`, stepFaults(step, known)));
};

function stepFaults({ metric, on, share, secondsAfter, action }: EscalationStep, known: ReadonlySet<Metric>): Fault[] {
  const isShare = share === null || (on === 'warned' && Number.isInteger(share) && share >= 1 && share <= 99);
  const isLate = on === 'overdue' ? secondsAfter >= 1 && secondsAfter <= SECONDS_AFTER_MAX : secondsAfter === 0;
  return [
    ...(metric === null || known.has(metric) ? [] : [fault('/metric', 'UNKNOWN_CLOCK', `there is no clock ${metric}`)]),
    ...(isShare ? [] : [fault('/share', 'NOT_A_SHARE', 'is no whole percentage from 1 to 99 of a warning')]),
    ...(Number.isSafeInteger(secondsAfter) && isLate
      ? []
      : [fault('/secondsAfter', 'NOT_SECONDS', 'is no whole number of seconds from 1 after the due instant')]),
    ...(action.kind === 'reassign' && action.team === '' ? [fault('/action/team', 'NOT_A_TEAM', 'names no team')] : []),
  ];
}
