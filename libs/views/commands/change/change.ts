import { canonical } from '../../../eventing/canonical';
import { NotFound } from '../../../eventing/failures';
import { ViewEvent, ViewFilter } from '../../events';
import { assertChangeable, assertShareable, Reader, sees, View } from '../../view';

/** What a rule says of a view that somebody wants otherwise. @throws NotFound, Rejection VIEW_NOT_YOURS, VIEW_RETIRED */
export type ViewRule = (state: View, reader: Reader) => ViewEvent[];

export const renameView =
  (name: string): ViewRule =>
  (state, reader) =>
    assertChangeable(state, reader).name === name ? [] : [{ type: 'ViewRenamed', data: { name } }];

/** Lets it show other cases of the same list. */
export const refineView =
  (filter: ViewFilter): ViewRule =>
  (state, reader) =>
    canonical(assertChangeable(state, reader).filter) === canonical(filter)
      ? []
      : [{ type: 'ViewRefined', data: { filter } }];

/** @param team null: it is its owner's alone again @throws Rejection NOT_IN_TEAM */
export const shareView =
  (team: string | null): ViewRule =>
  (state, reader) => {
    const view = assertChangeable(state, reader);
    if (view.team === team) return [];
    assertShareable(team, reader);
    return [{ type: 'ViewShared', data: { team } }];
  };

/** Takes it out of every list of views. */
export const retireView: ViewRule = (state, reader) => {
  if (state.status === 'none' || !sees(state, reader)) throw new NotFound();
  if (state.status === 'retired') return [];
  assertChangeable(state, reader);
  return [{ type: 'ViewRetired', data: {} }];
};
