import { Recorded } from '../../../eventing/event';
import { PersonalText } from '../../../eventing/sealed';
import { type ClockState } from '../../../service-levels/clock-state';
import { Metric } from '../../../service-levels/policy';
import { foldClocks } from '../../clock-events';
import { RequestEvent } from '../../events';
import { judgedClocks } from '../../judged-clocks';
import { Level, Priority, Status } from '../../vocabulary';
import { statusAfter } from '../../status-after';
import { caseProjection } from '../case-projection';

/**
 * What to do next: every case with the instant at which something is due.
 *
 * `due_at` and `due_metric` are worked out when a row is written, not at each event: only the last of a batch is ever seen.
 */
export interface QueueRow {
  readonly status: Status;
  readonly priority: Priority;
  readonly subject: PersonalText;
  readonly customer: string;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly level: Level;
  /** Empty before the opening. */
  readonly openedAt: string;
  readonly isMerged: boolean;
  readonly clocks: ClockState | null;
}

export interface Due {
  readonly at: number;
  readonly metric: Metric;
}

/** The earliest due instant of the clocks that run; `undefined` when none does. */
export const nextDue = ({ clocks }: Pick<QueueRow, 'clocks'>): Due | undefined => {
  if (!clocks) return undefined;
  // Clocks that have ended are due never.
  const open = { lastAt: clocks.lastAt, tracks: clocks.tracks.filter(({ outcome }) => outcome === 'open') };
  const running = judgedClocks(open).flatMap(({ status, dueAt, metric }) =>
    status === 'running' && dueAt !== null ? [{ at: dueAt, metric }] : [],
  );
  return running.reduce<Due | undefined>((first, due) => (first && first.at <= due.at ? first : due), undefined);
};

// Two columns want the same answer about the same row, and it costs a walk through the calendar.
const known = new WeakMap<QueueRow, { readonly due: Due | undefined }>();
const dueOf = (row: QueueRow): Due | undefined => {
  const found = known.get(row) ?? { due: nextDue(row) };
  known.set(row, found);
  return found.due;
};

const unopened: QueueRow = {
  status: 'open',
  priority: 'P5',
  subject: '',
  customer: '',
  team: null,
  assignee: null,
  level: 'L1',
  openedAt: '',
  isMerged: false,
  clocks: null,
};

/** Everything but the clocks. */
const evolveFacts = (row: QueueRow, event: Recorded<RequestEvent>): QueueRow => {
  switch (event.type) {
    case 'RequestOpened': {
      const { priority, subject, customer, team } = event.data;
      return { ...unopened, priority, subject, customer, team, openedAt: event.metadata.occurredAt };
    }
    case 'RequestClassified':
      return { ...row, priority: event.data.priority ?? row.priority };
    case 'RequestAssigned':
      return { ...row, team: event.data.team, assignee: event.data.assignee };
    case 'RequestEscalated':
      return { ...row, level: event.data.to };
    case 'RequestMerged':
      return { ...row, isMerged: event.data.into !== null };
    default: {
      const status = statusAfter(event);
      return status ? { ...row, status } : row;
    }
  }
};

export const evolveQueueRow = (row: QueueRow, event: Recorded<RequestEvent>): QueueRow | null => {
  const facts = evolveFacts(row, event);
  if (facts.openedAt === '') return null;
  return { ...facts, clocks: foldClocks(facts.clocks, event) };
};

export const queueProjection = caseProjection<QueueRow>({
  name: 'queue',
  version: 5,
  initial: () => unopened,
  evolve: evolveQueueRow,
  columns: {
    // Whoever asks for a status asks for work; what was merged is part of another case's.
    status: { type: 'text', of: ({ status, isMerged }) => (isMerged ? 'merged' : status) },
    priority: { type: 'text', of: ({ priority }) => priority },
    team: { type: 'text', of: ({ team }) => team },
    assignee: { type: 'text', of: ({ assignee }) => assignee },
    customer: { type: 'text', of: ({ customer }) => customer },
    // What is never due stands last, and a keyset needs a value to go on from.
    due_at: { type: 'timestamptz', of: (row) => isoOf(dueOf(row)) },
    due_metric: { type: 'text', of: (row) => dueOf(row)?.metric ?? null },
  },
  temporal: { by: ['status', 'priority'], carried: ['due_at', 'team', 'assignee', 'customer'] },
  // Each begins with what a page is restricted to and ends with its order, so that a page is read and not sorted.
  indexes: [
    'status, priority, due_at, key',
    'team, status, priority, due_at, key',
    'assignee, status, priority, due_at, key',
  ],
});

const isoOf = (due: Due | undefined): string => (due ? new Date(due.at).toISOString() : 'infinity');
