import { Evolution } from '../decider';
import { EventType } from '../event-types';

/** What rebuilds have done stands in the log: a stream for each projection. */
export const projectionCategory = 'projection';

export interface ProjectionRebuilt {
  readonly type: 'ProjectionRebuilt';
  readonly data: {
    readonly rebuild: string;
    readonly version: number;
    /** Digest of the code that folded. */
    readonly build: string;
    readonly startedBy: string;
    readonly rows: number;
    readonly events: number;
    /** Rows that differed from those that served until then. */
    readonly differing: number;
    /** Keys of the first of them. */
    readonly samples: readonly string[];
    readonly quarantined: number;
  };
}

export const projectionEventTypes: Readonly<Record<ProjectionRebuilt['type'], EventType>> = {
  ProjectionRebuilt: {
    schema: 1,
    personal: [],
    plain: ['/rebuild', '/build', '/startedBy', '/samples/*'],
  },
};

/** How often it was rebuilt. */
export const projectionEvolution: Evolution<{ readonly rebuilds: number }, ProjectionRebuilt> = {
  category: projectionCategory,
  initialState: { rebuilds: 0 },
  evolve: ({ rebuilds }) => ({ rebuilds: rebuilds + 1 }),
  ownerOf: () => undefined,
};
