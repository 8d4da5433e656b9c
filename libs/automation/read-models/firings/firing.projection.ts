import { Projection } from '../../../eventing/projections/projection';
import { firingCategory, FiringEvent } from '../../events';

/** One thing that a rule did. */
export interface FiringRow {
  readonly rule: string;
  readonly number: string;
  readonly cause: string;
  readonly events: readonly string[];
  readonly code: string | null;
  readonly at: string;
}

const unrecorded: FiringRow = { rule: '', number: '', cause: '', events: [], code: null, at: '' };

export const firingProjection: Projection<FiringRow, FiringEvent> = {
  name: 'firing',
  version: 1,
  category: firingCategory,
  initial: () => unrecorded,
  evolve: (_row, { data, metadata }) => {
    const { rule, number, cause, events, code } = data;
    return { rule, number, cause, events, code, at: metadata.occurredAt };
  },
  columns: {
    // Of whichever revision: a rule that was revised has still reacted to what it reacted to.
    rule: { type: 'text', of: ({ rule }) => rule.split('@')[0] ?? rule },
    number: { type: 'text', of: ({ number }) => number },
    cause: { type: 'text', of: ({ cause }) => cause },
    at: { type: 'timestamptz', of: ({ at }) => at },
  },
  indexes: ['cause, rule', 'rule, at, key', 'number, at, key', 'at, key'],
};
