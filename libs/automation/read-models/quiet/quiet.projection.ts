import { Recorded } from '../../../eventing/event';
import { Column } from '../../../eventing/projections/projection';
import { RequestEvent } from '../../../requests/events';
import { caseProjection } from '../../../requests/read-models/case-projection';
import { CaseFacts, conditionFields } from '../../rule';

/**
 * Since when a case has been quiet: since it came to its status, or since its customer last spoke, if that was later; and what rules
 * ask of it. It is the durable state of the timers of rules. What came from another system begins nothing.
 */
export interface QuietRow extends CaseFacts {
  /** Event that began it; null: nothing that happened here did. */
  readonly cause: string | null;
  readonly correlationId: string;
  /** RFC 3339. */
  readonly since: string | null;
  /** Event that put it on hold until an instant, and that instant. */
  readonly heldBy: string | null;
  readonly until: string | null;
}

const unopened: QuietRow = {
  ...{ cause: null, correlationId: '', since: null, heldBy: null, until: null },
  ...{ status: null, type: null, category: null, product: null, impact: null, urgency: null, priority: null },
  ...{ team: null, assignee: null, level: null, waitingFor: null },
};

const begun = (row: QuietRow, { id, metadata }: Recorded<RequestEvent>): QuietRow => {
  const isLive = !metadata.origin.startsWith('import:');
  const from = isLive ? { cause: id, since: metadata.occurredAt } : { cause: null, since: null };
  return { ...row, ...from, correlationId: metadata.$correlationId };
};

const released = { waitingFor: null, heldBy: null, until: null } as const;

export const evolveQuiet = (row: QuietRow, event: Recorded<RequestEvent>): QuietRow | null => {
  if (event.type === 'RequestOpened') {
    const { type, category, product, impact, urgency, priority, team } = event.data;
    const facts = { type, category, product, impact, urgency, priority, team, level: 'L1' };
    return begun({ ...unopened, ...facts, status: 'open' }, event);
  }
  if (row.status === null) return null;
  switch (event.type) {
    case 'RequestClassified': {
      const { type = row.type, category = row.category, product = row.product } = event.data;
      const { impact = row.impact, urgency = row.urgency, priority = row.priority } = event.data;
      return { ...row, type, category, product, impact, urgency, priority };
    }
    case 'RequestAssigned':
      return { ...row, team: event.data.team, assignee: event.data.assignee };
    case 'RequestEscalated':
      return { ...row, level: event.data.to };
    case 'RequestHeld': {
      const { waitingFor, until } = event.data;
      const held = begun({ ...row, status: 'held', waitingFor }, event);
      return { ...held, heldBy: held.cause, until: held.cause === null ? null : until };
    }
    case 'RequestResumed':
    case 'RequestReopened':
      return begun({ ...row, ...released, status: 'open' }, event);
    case 'RequestResolved':
      return begun({ ...row, ...released, status: 'resolved' }, event);
    case 'RequestClosed':
      return begun({ ...row, ...released, status: 'closed' }, event);
    case 'RequestCancelled':
      return begun({ ...row, ...released, status: 'cancelled' }, event);
    case 'RequestResponded':
      return event.data.by === 'customer' ? begun(row, event) : row;
    default:
      return row;
  }
};

export const columnOf = (field: string): string => `fact_${field.toLowerCase()}`;

const facts = Object.fromEntries(
  conditionFields.map((field): [string, Column<QuietRow>] => [
    columnOf(field),
    { type: 'text', of: (row) => row[field] },
  ]),
);

export const quietProjection = caseProjection<QuietRow>({
  name: 'quiet',
  version: 1,
  initial: () => unopened,
  evolve: evolveQuiet,
  columns: {
    ...facts,
    cause: { type: 'text', of: ({ cause }) => cause },
    held_by: { type: 'text', of: ({ heldBy }) => heldBy },
    // Nothing that began here stands last, and is not looked at.
    quiet_since: { type: 'timestamptz', of: ({ since }) => since ?? 'infinity' },
    hold_until: { type: 'timestamptz', of: ({ until }) => until ?? 'infinity' },
  },
  indexes: ['fact_status, quiet_since, key', 'hold_until, key'],
});
