import { EventType } from '../eventing/event-types';

/** Saved views: named queries of the lists of cases. A stream each, under the view's id. */
export const viewCategory = 'view';

/** `queue`: work by due instant. `requests`: all cases, by what they are. `clocks`: what was promised, by when it is breached. */
export const viewLists = ['queue', 'requests', 'clocks'] as const;
export type ViewList = (typeof viewLists)[number];

/** Parameters of the list's own query, as they stand in one; teams and people by id. */
export type ViewFilter = Readonly<Record<string, string>>;

export interface ViewDefinition {
  readonly name: string;
  readonly list: ViewList;
  readonly filter: ViewFilter;
  /** Whose people see it beside its owner; null: nobody's. */
  readonly team: string | null;
}

interface Data {
  ViewCreated: ViewDefinition & { readonly owner: string };
  ViewRenamed: Pick<ViewDefinition, 'name'>;
  ViewRefined: Pick<ViewDefinition, 'filter'>;
  ViewShared: Pick<ViewDefinition, 'team'>;
  ViewRetired: Record<never, never>;
}

export type ViewEventType = keyof Data;
export type ViewEvent = { readonly [K in ViewEventType]: { readonly type: K; readonly data: Data[K] } }[ViewEventType];

export const viewEventTypes: Readonly<Record<ViewEventType, EventType>> = {
  ViewCreated: { schema: 1, personal: [], plain: ['/owner', '/name', '/list', '/filter/*', '/team'] },
  ViewRenamed: { schema: 1, personal: [], plain: ['/name'] },
  ViewRefined: { schema: 1, personal: [], plain: ['/filter/*'] },
  ViewShared: { schema: 1, personal: [], plain: ['/team'] },
  ViewRetired: { schema: 1, personal: [], plain: [] },
};
