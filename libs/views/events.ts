import { carries, EventOf } from '../eventing/event-types';

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

export const viewEventTypes = {
  ViewCreated: carries<ViewDefinition & { readonly owner: string }>({
    schema: 1,
    personal: [],
    plain: ['/owner', '/name', '/list', '/filter/*', '/team'],
  }),
  ViewRenamed: carries<Pick<ViewDefinition, 'name'>>({ schema: 1, personal: [], plain: ['/name'] }),
  ViewRefined: carries<Pick<ViewDefinition, 'filter'>>({ schema: 1, personal: [], plain: ['/filter/*'] }),
  ViewShared: carries<Pick<ViewDefinition, 'team'>>({ schema: 1, personal: [], plain: ['/team'] }),
  ViewRetired: carries<Record<never, never>>({ schema: 1, personal: [], plain: [] }),
};

export type ViewEventType = keyof typeof viewEventTypes;
export type ViewEvent = EventOf<typeof viewEventTypes>;
