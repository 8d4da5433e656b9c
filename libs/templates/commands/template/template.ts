import { canonical } from '../../../eventing/canonical';
import { refuseFaulty, Rejection } from '../../../eventing/rejection';
import { TemplateDefinition, TemplateEvent } from '../../events';
import { definitionFaults } from '../../rendering';
import { Template } from '../../template';

/** Makes this the next revision. @throws Rejection TEMPLATE_INVALID with a pointer to each fault */
export const saveTemplate = (definition: TemplateDefinition, state: Template): TemplateEvent[] => {
  refuseFaulty('TEMPLATE_INVALID', 'the template', definitionFaults(definition));
  if (state.status === 'active' && canonical(state.definition) === canonical(definition)) return [];
  const revision = state.status === 'none' ? 1 : state.revision + 1;
  return [{ type: 'TemplateSaved', data: { ...definition, revision } }];
};

/** Lets nobody use it any more. What was made from it stays; saving it again brings it back. */
export const retireTemplate = (state: Template): TemplateEvent[] => {
  if (state.status === 'none') throw new Rejection('UNKNOWN_TEMPLATE', 'no template is known under this id');
  return state.status === 'active' ? [{ type: 'TemplateRetired', data: {} }] : [];
};
