import { Recorded } from '../../../eventing/event';
import { instantOf, isClerical } from '../../clock-events';
import { RequestEvent } from '../../events';
import { Awaited, Level, Status } from '../../vocabulary';
import { caseProjection } from '../case-projection';

/**
 * Who and which team held a case, in which stage, from when to when.
 *
 * Guarantee: the spans touch each other without gap or overlap from the opening on, in exact milliseconds, whatever the instants
 * of the events. Revision orders: an event dated before its predecessor counts as simultaneous with it.
 */
export interface AccountabilityRow {
  readonly customer: string;
  readonly openedAt: number;
  /** The latest instant reached so far; epoch milliseconds like all instants here. */
  readonly lastAt: number;
  /** Whether the last event was written as it happened. About the time after an imported one nothing is known. */
  readonly isLive: boolean;
  readonly spans: readonly Span[];
  /** What is so since the end of the last span; null before the opening. */
  readonly current: Holding | null;
}

export interface Holder {
  readonly stage: Status;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly level: Level;
  readonly waitingFor: Awaited | null;
}

export interface Holding extends Holder {
  readonly from: number;
  /** Revision of the event that began it. */
  readonly startedBy: number;
}

export interface Span extends Holding {
  readonly to: number;
}

const unopened: AccountabilityRow = { customer: '', openedAt: 0, lastAt: 0, isLive: false, spans: [], current: null };

/** Whose turn it is after an event. */
const holderAfter = (held: Holder, event: RequestEvent): Holder => {
  switch (event.type) {
    case 'RequestAssigned':
      return { ...held, team: event.data.team, assignee: event.data.assignee };
    case 'RequestEscalated':
      return { ...held, level: event.data.to };
    case 'RequestHeld':
      return { ...held, stage: 'held', waitingFor: event.data.waitingFor };
    case 'RequestResumed':
    case 'RequestReopened':
      return { ...held, stage: 'open', waitingFor: null };
    case 'RequestResolved':
      return { ...held, stage: 'resolved', waitingFor: null };
    case 'RequestClosed':
      return { ...held, stage: 'closed', waitingFor: null };
    case 'RequestCancelled':
      return { ...held, stage: 'cancelled', waitingFor: null };
    default:
      return held;
  }
};

const isSame = (left: Holder, right: Holder): boolean =>
  left.stage === right.stage &&
  left.team === right.team &&
  left.assignee === right.assignee &&
  left.level === right.level &&
  left.waitingFor === right.waitingFor;

const isImported = ({ metadata }: Recorded): boolean => metadata.origin.startsWith('import:');

const opened = (event: Recorded<Extract<RequestEvent, { type: 'RequestOpened' }>>): AccountabilityRow => {
  const { customer, team } = event.data;
  const at = instantOf(event);
  const holder: Holder = { stage: 'open', team, assignee: null, level: 'L1', waitingFor: null };
  const current = { ...holder, from: at, startedBy: event.revision };
  return { customer, openedAt: at, lastAt: at, isLive: !isImported(event), spans: [], current };
};

export const evolveAccountability = (
  row: AccountabilityRow,
  event: Recorded<RequestEvent>,
): AccountabilityRow | null => {
  if (event.type === 'RequestOpened') return opened(event);
  if (!row.current) return null;
  if (isClerical(event)) return row;
  const lastAt = Math.max(row.lastAt, instantOf(event));
  const reached = { ...row, lastAt, isLive: !isImported(event) };
  const holder = holderAfter(row.current, event);
  if (isSame(holder, row.current)) return reached;
  const span = { ...row.current, to: lastAt };
  return { ...reached, spans: [...row.spans, span], current: { ...holder, from: lastAt, startedBy: event.revision } };
};

export const accountabilityProjection = caseProjection<AccountabilityRow>({
  name: 'accountability',
  version: 1,
  initial: () => unopened,
  evolve: evolveAccountability,
  columns: { customer: { type: 'text', of: ({ customer }) => customer } },
  indexes: [],
});
