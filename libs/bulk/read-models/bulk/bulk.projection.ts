import { Projection } from '../../../eventing/projections/projection';
import { bulkCategory, BulkEvent, BulkFilter, BulkItem, ItemOutcome } from '../../events';

/** A bulk job with what has become of its items. What was ordered in words stays in its stream, sealed. */
export interface BulkRow {
  readonly status: 'running' | 'completed' | 'cancelled';
  readonly by: string;
  readonly verb: string;
  readonly filter: BulkFilter | null;
  /** In the order in which they are gone through; those behind `items` are still to come. */
  readonly numbers: readonly string[];
  readonly items: readonly BulkItem[];
  readonly counts: Readonly<Record<ItemOutcome, number>>;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

const notStarted: BulkRow = {
  ...{ status: 'running', by: '', verb: '', filter: null, numbers: [], items: [] },
  ...{ counts: { done: 0, nothing: 0, refused: 0 }, startedAt: '', endedAt: null },
};

const counted = (counts: BulkRow['counts'], items: readonly BulkItem[]): BulkRow['counts'] =>
  items.reduce((sum, { outcome }) => ({ ...sum, [outcome]: sum[outcome] + 1 }), counts);

export const bulkProjection: Projection<BulkRow, BulkEvent> = {
  name: 'bulk',
  version: 1,
  category: bulkCategory,
  initial: () => notStarted,
  evolve: (row, event) => {
    const { occurredAt: at } = event.metadata;
    switch (event.type) {
      case 'BulkStarted': {
        const { by, verb, filter, numbers } = event.data;
        return { ...notStarted, by, verb, filter, numbers, startedAt: at };
      }
      case 'BulkItemsDone': {
        const { items } = event.data;
        return { ...row, items: [...row.items, ...items], counts: counted(row.counts, items) };
      }
      case 'BulkCompleted':
        return { ...row, status: 'completed', endedAt: at };
      case 'BulkCancelled':
        return { ...row, status: 'cancelled', endedAt: at };
    }
  },
  columns: {
    status: { type: 'text', of: ({ status }) => status },
    started_by: { type: 'text', of: ({ by }) => by },
    // An unreadable beginning has no instant, and stands last.
    started_at: { type: 'timestamptz', of: ({ startedAt }) => startedAt || 'infinity' },
  },
  indexes: ['started_at, key'],
};
