import { Projection } from '../../eventing/projections/projection';
import { viewCategory, ViewDefinition, ViewEvent } from '../events';

/** Views as they stand. */
export interface ViewRow extends ViewDefinition {
  readonly owner: string;
  readonly isRetired: boolean;
}

export const viewProjection: Projection<ViewRow, ViewEvent> = {
  name: 'view',
  version: 1,
  category: viewCategory,
  initial: () => ({ owner: '', name: '', list: 'queue', filter: {}, team: null, isRetired: false }),
  evolve: (row, event) => (event.type === 'ViewRetired' ? { ...row, isRetired: true } : { ...row, ...event.data }),
  columns: {
    name: { type: 'text', of: ({ name }) => name },
    owner: { type: 'text', of: ({ owner }) => owner },
    team: { type: 'text', of: ({ team }) => team },
    retired: { type: 'boolean', of: ({ isRetired }) => isRetired },
  },
  indexes: ['owner, name, key', 'team, name, key'],
};
