import { Projection } from '../../../eventing/projections/projection';
import { draftCategory, DraftEvent } from '../../drafts/events';
import { Drafts, evolveDrafts, noDrafts } from '../../drafts/draft';

/** What is being written about each case. */
export const draftProjection: Projection<Drafts, DraftEvent> = {
  name: 'draft',
  version: 1,
  category: draftCategory,
  initial: () => noDrafts,
  evolve: evolveDrafts,
  columns: { customer: { type: 'text', of: ({ customer }) => customer } },
  indexes: ['customer, key'],
};
