import { Projection } from '../../eventing/projections/projection';
import { templateCategory, TemplateDefinition, TemplateEvent } from '../events';

/** Templates as they stand. */
export interface TemplateRow extends TemplateDefinition {
  readonly revision: number;
  readonly isRetired: boolean;
}

export const templateProjection: Projection<TemplateRow, TemplateEvent> = {
  name: 'template',
  version: 1,
  category: templateCategory,
  initial: () => ({ name: '', format: 'text', body: '', placeholders: [], revision: 0, isRetired: false }),
  evolve: (row, event) =>
    event.type === 'TemplateSaved' ? { ...event.data, isRetired: false } : { ...row, isRetired: true },
  columns: { retired: { type: 'boolean', of: ({ isRetired }) => isRetired } },
  indexes: [],
};
