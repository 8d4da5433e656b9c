import { Recorded } from '../../../eventing/event';
import { Projection } from '../../../eventing/projections/projection';
import { recorded } from '../../../eventing/testing/specification';
import { requestCategory, RequestEvent } from '../../events';
import { number } from '../../testing/given';

/** Histories with instants, and the rows they fold to, for specs. */
export const startOfDay = Date.UTC(2026, 0, 5, 9);
export const iso = (seconds: number): string => new Date(startOfDay + seconds * 1000).toISOString();

/** Each event with the second at which it happened; origin `live` unless said otherwise. */
export const timeline = (
  steps: readonly (readonly [seconds: number, event: RequestEvent])[],
  origin = 'live',
): readonly Recorded<RequestEvent>[] =>
  recorded<RequestEvent>(
    requestCategory,
    number,
    steps.map(([, event]) => event),
  ).map((event, index) => ({
    ...event,
    metadata: { ...event.metadata, occurredAt: iso(steps[index]?.[0] ?? 0), origin },
  }));

const throughStore = <Row>(row: Row): Row => JSON.parse(JSON.stringify(row)) as Row;

/** The row after a whole history, as a rebuild makes it. */
export const rebuilt = <Row extends object>(
  { initial, evolve, correct }: Projection<Row, RequestEvent>,
  events: readonly Recorded<RequestEvent>[],
): Row | null =>
  (correct ? correct(events) : events).reduce<Row | null>((row, event) => evolve(row ?? initial(number), event), null);

/** The row after events that came one by one, each time read back from the table, as a running worker makes it. */
export const followed = <Row extends object>(
  projection: Projection<Row, RequestEvent>,
  events: readonly Recorded<RequestEvent>[],
): Row | null => {
  const { initial, evolve, isCorrection } = projection;
  let row: Row | null = null;
  events.forEach((event, index) => {
    row = isCorrection?.(event)
      ? rebuilt(projection, events.slice(0, index + 1))
      : evolve(row ?? initial(number), event);
    row = row && throughStore(row);
  });
  return row;
};
