import { DomainEvent, Recorded } from '../event';
import { AnyProjection, FoldedRow, FoldFailure, Projection, Sequenced } from './projection';

/** A projection seen without its row type: rows come out of the table it alone writes, so they are its own. */
const untyped = (projection: AnyProjection): Projection => projection as unknown as Projection;

const evolveAll = (
  projection: AnyProjection,
  key: string,
  start: object | null,
  events: readonly Recorded[],
): object | null => {
  const { initial, evolve } = untyped(projection);
  let row = start;
  for (const event of events) row = evolve(row ?? initial(key), event);
  return row;
};

const attempt = (key: string, events: readonly Sequenced[], work: () => object | null): FoldedRow | FoldFailure => {
  const last = events.at(-1);
  if (!last) throw new Error('a fold needs an event');
  const at = { key, revision: last.event.revision, sequence: last.sequence };
  try {
    return { ...at, row: work() };
  } catch (error) {
    return {
      ...at,
      eventId: last.event.id,
      error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  }
};

/** Folds newer events of one key onto its row. */
export const foldOnto = (
  projection: AnyProjection,
  key: string,
  row: object | null,
  events: readonly Sequenced[],
): FoldedRow | FoldFailure =>
  attempt(key, events, () =>
    evolveAll(
      projection,
      key,
      row,
      events.map(({ event }) => event),
    ),
  );

/** Folds the whole history of one key, corrections applied first. */
export const refold = (projection: AnyProjection, key: string, events: readonly Sequenced[]): FoldedRow | FoldFailure =>
  attempt(key, events, () => {
    const history = events.map(({ event }) => event);
    const { correct } = untyped(projection);
    return evolveAll(projection, key, null, correct ? correct(history) : history);
  });

export const isFailure = (result: FoldedRow | FoldFailure): result is FoldFailure => 'error' in result;

export const isRow = (result: FoldedRow | FoldFailure): result is FoldedRow => !isFailure(result);

/** Whether these events change what earlier ones mean in this projection. */
export const hasCorrection = (projection: AnyProjection, events: readonly Sequenced<DomainEvent>[]): boolean => {
  const { isCorrection } = untyped(projection);
  return isCorrection !== undefined && events.some(({ event }) => isCorrection(event));
};

/** The values of a row's own columns. */
export const columnsOf = (projection: AnyProjection, row: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(untyped(projection).columns).map(([name, { of }]) => [name, of(row)]));
