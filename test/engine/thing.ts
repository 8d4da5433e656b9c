import { Evolution } from '../../libs/eventing/decider';
import { DomainEvent, Recorded } from '../../libs/eventing/event';
import { EventTypes } from '../../libs/eventing/event-types';
import { Projection } from '../../libs/eventing/projections/projection';
import { SearchIndex } from '../../libs/eventing/search/search-index';
import { PersonalText } from '../../libs/eventing/sealed';

/** The smallest domain that uses all of the engine: a counter with a private remark, whose steps can be corrected. */
export type ThingEvent =
  | {
      readonly type: 'ThingStepped';
      readonly data: { readonly by: number; readonly owner: string; readonly remark: PersonalText };
    }
  | { readonly type: 'ThingCorrected'; readonly data: { readonly corrects: number; readonly by: number } };

export interface Thing {
  readonly total: number;
  readonly owner: string | undefined;
}

export const thingTypes = (): EventTypes =>
  new EventTypes().register({
    ThingStepped: { schema: 1, personal: ['/remark'], plain: ['/owner'] },
    ThingCorrected: { schema: 1, personal: [], plain: [] },
  });

const isCorrection = ({ type }: DomainEvent): boolean => type === 'ThingCorrected';

const correct = (events: readonly Recorded<ThingEvent>[]): readonly Recorded<ThingEvent>[] =>
  events.map((event) => {
    if (event.type !== 'ThingStepped') return event;
    const by = events.findLast((other) => other.type === 'ThingCorrected' && other.data.corrects === event.revision)
      ?.data.by;
    return by === undefined ? event : { ...event, data: { ...event.data, by } };
  });

export const thingEvolution: Evolution<Thing, ThingEvent> = {
  category: 'thing',
  initialState: { total: 0, owner: undefined },
  evolve: (state, event) =>
    event.type === 'ThingStepped' ? { total: state.total + event.data.by, owner: event.data.owner } : state,
  correct,
  isCorrection,
  ownerOf: (state, event) => state.owner ?? (event?.type === 'ThingStepped' ? event.data.owner : undefined),
};

export interface ThingRow {
  readonly key: string;
  readonly total: number;
  readonly steps: number;
}

/** `poison` names a step that the fold cannot take; from the total `bound` on it cannot work out the columns. */
export const thingProjection = (poison?: number, bound?: number): Projection<ThingRow, ThingEvent> => ({
  name: 'thing-totals',
  version: 1,
  category: 'thing',
  initial: (key) => ({ key, total: 0, steps: 0 }),
  evolve: (row, event) => {
    if (event.type !== 'ThingStepped') return row;
    if (event.data.by === poison) throw new Error('this step cannot be taken');
    return { ...row, total: row.total + event.data.by, steps: row.steps + 1 };
  },
  correct,
  isCorrection,
  columns: { total: { type: 'integer', of: ({ total }) => totalBelow(total, bound) } },
  indexes: ['total, key'],
});

const totalBelow = (total: number, bound = Infinity): number => {
  if (total >= bound) throw new Error('this step cannot be taken');
  return total;
};

const isStep = (event: Recorded): event is Recorded<ThingEvent & { type: 'ThingStepped' }> =>
  event.type === 'ThingStepped';

/** Things by the words of their remarks. */
export const thingIndex: SearchIndex = {
  name: 'thing-text',
  version: 1,
  category: 'thing',
  types: ['ThingStepped'],
  documentOf: (key, events) => {
    const steps = events.filter(isStep);
    const last = steps.at(-1);
    return last
      ? {
          owner: last.data.owner,
          labels: [`thing:${key}`],
          texts: steps.map(({ data }) => ({ field: 'A' as const, text: data.remark, kind: 'read' as const })),
          columns: { last_at: last.metadata.occurredAt },
        }
      : null;
  },
  columns: { last_at: 'timestamptz' },
  indexes: [],
  forgetting: { category: 'thing', types: [] },
};
