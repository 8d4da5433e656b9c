import { Recorded } from '../../../eventing/event';
import { RequestEvent } from '../../events';
import { Priority, Status } from '../../vocabulary';
import { statusAfter } from '../../status-after';
import { caseProjection } from '../case-projection';

/** Who works on what, and what waits for somebody: all that giving work to people asks of a case. */
export interface WorkloadRow {
  readonly status: Status;
  readonly priority: Priority;
  readonly team: string | null;
  readonly assignee: string | null;
  /** The team that a rule chose, and what it asks of whoever works on it. */
  readonly routed: { readonly team: string; readonly skills: readonly string[] } | null;
  /** Empty before the opening. */
  readonly openedAt: string;
  /** Its history came from another system: nobody is given it. */
  readonly isImported: boolean;
  /** Another one stands for it: nobody works on it. */
  readonly isMerged: boolean;
  /** Whom it was given to last by distributing, and the how-manyeth of the team that was. */
  readonly given: { readonly to: string; readonly turn: number } | null;
}

const unopened: WorkloadRow = {
  ...{ status: 'open', priority: 'P5', team: null, assignee: null, routed: null, openedAt: '', given: null },
  isImported: false,
  isMerged: false,
};

const evolveFacts = (row: WorkloadRow, event: Recorded<RequestEvent>): WorkloadRow => {
  switch (event.type) {
    case 'RequestOpened': {
      const { priority, team } = event.data;
      const isImported = event.metadata.origin.startsWith('import:');
      return { ...unopened, priority, team, openedAt: event.metadata.occurredAt, isImported };
    }
    case 'RequestClassified':
      return { ...row, priority: event.data.priority ?? row.priority };
    case 'RequestRouted':
      return { ...row, routed: { team: event.data.team, skills: event.data.skills } };
    case 'RequestDistributed':
      return { ...row, given: { to: event.data.assignee, turn: event.data.turn } };
    case 'RequestAssigned': {
      const { team, assignee } = event.data;
      // What a rule asks for holds in its team.
      return { ...row, team, assignee, routed: row.routed?.team === team ? row.routed : null };
    }
    case 'RequestMerged':
      return { ...row, isMerged: event.data.into !== null };
    default: {
      const status = statusAfter(event);
      return status ? { ...row, status } : row;
    }
  }
};

export const evolveWorkload = (row: WorkloadRow, event: Recorded<RequestEvent>): WorkloadRow | null => {
  const next = evolveFacts(row, event);
  return next.openedAt === '' ? null : next;
};

const isOpen = ({ status, isMerged }: WorkloadRow): boolean => status === 'open' && !isMerged;

const isWaiting = (row: WorkloadRow): boolean => isOpen(row) && row.assignee === null && !row.isImported;

export const workloadProjection = caseProjection<WorkloadRow>({
  name: 'workload',
  version: 2,
  initial: () => unopened,
  evolve: evolveWorkload,
  columns: {
    /** Team whose people it waits for. */
    waiting: { type: 'text', of: (row) => (isWaiting(row) ? row.team : null) },
    opened_at: { type: 'timestamptz', of: ({ openedAt }) => openedAt },
    /** Who works on it: what waits for others weighs nothing. */
    working: { type: 'text', of: (row) => (isOpen(row) ? row.assignee : null) },
    given_to: { type: 'text', of: ({ given }) => given?.to ?? null },
    turn: { type: 'bigint', of: ({ given }) => given?.turn ?? null },
  },
  indexes: ['waiting, opened_at, key', 'working, key', 'given_to, turn, key'],
});
