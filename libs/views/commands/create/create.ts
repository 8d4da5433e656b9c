import { ViewDefinition, ViewEvent } from '../../events';
import { assertShareable, Reader, View } from '../../view';

/** Makes a view. There already: nothing happens. @throws Rejection NOT_IN_TEAM */
export const createView = (definition: ViewDefinition, reader: Reader, state: View): ViewEvent[] => {
  if (state.status !== 'none') return [];
  assertShareable(definition.team, reader);
  return [{ type: 'ViewCreated', data: { ...definition, owner: reader.id } }];
};
