import { DomainEvent } from '../event';
import { Decoded, textOf } from './decoding';
import { holdable } from './holdable';
import { AnyProjection, ColumnValue, FoldedRow, FoldFailure, Projection, Sequenced } from './projection';

/**
 * Folds events of one key, as far as they can be folded.
 *
 * Guarantee: the row is the fold of every event before the one that failed, and of nothing behind it. So a key that was set aside
 * has the same row whether it was folded event by event, in batches, or anew from its first event. Folding is working out the row's
 * columns too, which is done for the last row alone: only that is ever seen.
 */
export interface FoldResult {
  /** Absent when not one event could be folded. */
  readonly row: FoldedRow | undefined;
  readonly failure: FoldFailure | undefined;
}

/** A projection seen without its row type: rows come out of the table it alone writes, so they are its own. */
const untyped = (projection: AnyProjection): Projection => projection as unknown as Projection;

const failureAt = (key: string, { sequence, event }: Sequenced, error: unknown): FoldFailure => ({
  ...{ key, sequence, revision: event.revision, eventId: event.id },
  error: textOf(error),
});

/** Folds events as they stand, without looking for corrections. */
export const evolveSequenced = (
  projection: AnyProjection,
  key: string,
  start: object | null,
  events: readonly Sequenced[],
): FoldResult => {
  const { initial, evolve } = untyped(projection);
  let row = start;
  let folded: Sequenced | undefined;
  const result = (failure?: FoldFailure): FoldResult => ({
    row: folded && { key, revision: folded.event.revision, sequence: folded.sequence, row },
    failure,
  });
  for (const each of events) {
    try {
      row = evolve(row ?? initial(key), each.event);
    } catch (error) {
      return result(failureAt(key, each, error));
    }
    folded = each;
  }
  return result();
};

const withUnreadable = (key: string, { row, failure }: FoldResult, { unreadable }: Decoded): FoldResult => ({
  row,
  failure: failure ?? (unreadable && { key, ...unreadable }),
});

/** @throws what keeps the columns from being worked out */
const withColumns = (projection: AnyProjection, { row, failure }: FoldResult): FoldResult =>
  row?.row ? { row: { ...row, columns: columnsOf(projection, row.row) }, failure } : { row, failure };

/** As far as it goes: rare and bounded by one stream, so that the first event that cannot be folded is looked for one by one. */
const asFarAsItGoes = (
  projection: AnyProjection,
  key: string,
  events: readonly Sequenced[],
  fold: (events: readonly Sequenced[]) => FoldResult,
): FoldResult => {
  let before: FoldResult = { row: undefined, failure: undefined };
  for (const [index, last] of events.entries())
    try {
      const prefix = withColumns(projection, fold(events.slice(0, index + 1)));
      if (prefix.failure) return { ...before, failure: failureAt(key, last, prefix.failure.error) };
      before = prefix;
    } catch (error) {
      return { ...before, failure: failureAt(key, last, error) };
    }
  return before;
};

/** Folds newer events of one key onto its row. */
export const foldOnto = (projection: AnyProjection, key: string, row: object | null, decoded: Decoded): FoldResult => {
  const fold = (events: readonly Sequenced[]): FoldResult => evolveSequenced(projection, key, row, events);
  const folded = (): FoldResult => {
    try {
      return withColumns(projection, fold(decoded.events));
    } catch {
      return asFarAsItGoes(projection, key, decoded.events, fold);
    }
  };
  return withUnreadable(key, folded(), decoded);
};

/** Corrections rewrite what came before them, so that a history is folded with all of them or not at all. */
const foldCorrected = (projection: AnyProjection, key: string, events: readonly Sequenced[]): FoldResult => {
  const { correct } = untyped(projection);
  const last = events.at(-1);
  if (!correct || !last || !hasCorrection(projection, events)) return evolveSequenced(projection, key, null, events);
  try {
    const sequences = new Map(events.map(({ event, sequence }) => [event.revision, sequence]));
    const corrected = correct(events.map(({ event }) => event));
    return evolveSequenced(
      ...([projection, key, null] as const),
      corrected.map((event) => ({ event, sequence: sequences.get(event.revision) ?? last.sequence })),
    );
  } catch (error) {
    return { row: undefined, failure: failureAt(key, last, error) };
  }
};

/** Folds the whole history of one key, corrections applied first. */
export const refold = (projection: AnyProjection, key: string, decoded: Decoded): FoldResult => {
  const { events } = decoded;
  const fold = (some: readonly Sequenced[]): FoldResult => foldCorrected(projection, key, some);
  const folded = (): FoldResult => {
    try {
      const whole = withColumns(projection, fold(events));
      // Corrections that fail leave nothing of what could be folded without them.
      if (!whole.failure || !hasCorrection(projection, events)) return whole;
    } catch {
      // As below.
    }
    return asFarAsItGoes(projection, key, events, fold);
  };
  return withUnreadable(key, folded(), decoded);
};

/** Whether these events change what earlier ones mean in this projection. */
export const hasCorrection = (projection: AnyProjection, events: readonly Sequenced<DomainEvent>[]): boolean => {
  const { isCorrection } = untyped(projection);
  return isCorrection !== undefined && events.some(({ event }) => isCorrection(event));
};

/** The values of a row's own columns, as far as they can hold them. */
export const columnsOf = (projection: AnyProjection, row: object): Record<string, ColumnValue> => {
  const { columns } = untyped(projection);
  const values: Record<string, ColumnValue> = {};
  for (const [name, { type, of }] of Object.entries(columns)) values[name] = holdable(type, of(row));
  return values;
};
