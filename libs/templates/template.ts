import { Evolution } from '../eventing/decider';
import { templateCategory, TemplateDefinition, TemplateEvent } from './events';

export type Template =
  | { readonly status: 'none' }
  | { readonly status: 'active' | 'retired'; readonly revision: number; readonly definition: TemplateDefinition };

export const templateEvolution: Evolution<Template, TemplateEvent> = {
  category: templateCategory,
  initialState: { status: 'none' },
  evolve: (state, { type, data }) => {
    switch (type) {
      case 'TemplateSaved': {
        const { revision, ...definition } = data;
        return { status: 'active', revision, definition };
      }
      case 'TemplateRetired':
        return state.status === 'none' ? state : { ...state, status: 'retired' };
    }
  },
  ownerOf: () => undefined,
};
