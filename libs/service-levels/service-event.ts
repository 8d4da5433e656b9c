import type { Metric, Pause, Priority, TermsKey, Trigger, WaitingFor } from './policy';

/** What the engine needs to know of an event; other libraries map theirs to it. */
export interface ServiceEvent {
  /** Epoch milliseconds, when it happened in the world. */
  readonly at: number;
  readonly revision: number;
  readonly kind:
    | 'opened'
    | 'responded'
    | 'noted'
    | 'held'
    | 'resumed'
    | 'resolved'
    | 'closed'
    | 'reopened'
    | 'cancelled'
    | 'classified'
    | 'assigned'
    | 'escalated'
    | 'merged'
    | 'absorbed';
  /** Of `opened` and `classified`; absent when it stays. */
  readonly priority?: Priority;
  /** Of `held`. */
  readonly waitingFor?: WaitingFor;
  /** Of `responded`: what its author was at the time. */
  readonly by?: 'staff' | 'customer' | 'automatic';
  /** Of `opened` and `assigned`. */
  readonly team?: string | null;
  /** Of `assigned`. */
  readonly assignee?: string | null;
  /** Of `absorbed`: when clocks of the cases that were merged into this one had counted. */
  readonly waits?: readonly Wait[];
  /** The terms that it names; absent when it names none. */
  readonly terms?: TermsKey;
}

/** A stretch during which a clock of a merged case counted. */
export interface Wait {
  readonly metric: Metric;
  readonly from: number;
  readonly to: number;
}

/** How a case stands, as far as clocks ask. */
export interface Standing {
  readonly status: 'open' | 'held' | 'resolved' | 'closed' | 'cancelled';
  readonly waitingFor: WaitingFor | null;
  readonly team: string | null;
  readonly assignee: string | null;
}

export const unopened: Standing = { status: 'open', waitingFor: null, team: null, assignee: null };

export const standingAfter = (before: Standing, event: ServiceEvent): Standing => {
  switch (event.kind) {
    case 'opened':
      return { ...unopened, team: event.team ?? null };
    case 'assigned':
      return event.team === undefined ? before : { ...before, team: event.team, assignee: event.assignee ?? null };
    case 'held':
      return { ...before, status: 'held', waitingFor: event.waitingFor ?? null };
    case 'resumed':
    case 'reopened':
      return { ...before, status: 'open', waitingFor: null };
    case 'resolved':
    case 'closed':
    case 'cancelled':
      return { ...before, status: event.kind, waitingFor: null };
    case 'responded':
    case 'noted':
    case 'classified':
    case 'escalated':
    case 'merged':
    case 'absorbed':
      return before;
  }
};

/** What an event sets off, given how the case stood before it and stands after it. */
export const triggersOf = (event: ServiceEvent, before: Standing, after: Standing): readonly Trigger[] => {
  switch (event.kind) {
    case 'responded':
      return [REPLIES[event.by ?? 'automatic']];
    case 'opened':
      return after.team === null ? ['opened'] : ['opened', 'team-entered'];
    case 'assigned':
      return before.team === after.team ? ['assigned'] : ['assigned', ...handover(before, after)];
    case 'merged':
    case 'absorbed':
      return [];
    default:
      return [event.kind];
  }
};

const REPLIES = { staff: 'staff-replied', customer: 'customer-wrote', automatic: 'automatic-reply' } as const;

const handover = (before: Standing, after: Standing): readonly Trigger[] => [
  ...(before.team === null ? [] : (['team-left'] as const)),
  ...(after.team === null ? [] : (['team-entered'] as const)),
];

export const isOver = ({ status }: Standing): boolean =>
  status === 'resolved' || status === 'closed' || status === 'cancelled';

/** What a clock may stand still for, as the case stands. */
export const pausesOf = ({ status, waitingFor, team, assignee }: Standing): readonly Pause[] => [
  ...(status === 'held' && waitingFor !== null ? [`waiting-${waitingFor}` as const] : []),
  ...(status === 'resolved' || status === 'closed' ? [status] : []),
  ...(team === null && assignee === null ? (['unassigned'] as const) : []),
];
