import { Recorded } from '../event';
import { Decoded, textOf } from './decoding';
import { evolveSequenced, FoldResult, refold } from './fold-rows';
import { AnyProjection, Projection, Sequenced } from './projection';

/**
 * The row of a key as of a point in the past, in one of two meanings.
 *
 * `recorded`: what was known then, the answer that people got: the fold of every event up to a sequence. Later corrections
 * change nothing. `true`: what was so then, as far as is known now: the fold of what had happened by an instant, every
 * correction applied, also those made since.
 *
 * Revision orders, time never does: an event dated before its predecessor took effect together with it. Work on the record
 * (`isClerical`) has its own time and delays nothing that follows.
 */
export const meanings = ['recorded', 'true'] as const;
export type Meaning = (typeof meanings)[number];

export type Cut =
  | { readonly meaning: 'recorded'; readonly sequence: number }
  /** Epoch milliseconds. */
  | { readonly meaning: 'true'; readonly instant: number };

type Dated = Pick<Recorded, 'type' | 'metadata'>;

/** When each event of a history took effect, in epoch milliseconds. */
export const effectiveInstants = (
  events: readonly Dated[],
  isClerical: (event: Dated) => boolean = () => false,
): readonly number[] => {
  let reached = -Infinity;
  return events.map((event) => {
    const at = Date.parse(event.metadata.occurredAt);
    // An instant that nobody can read is that of what came before.
    const effective = Number.isNaN(at) ? reached : Math.max(at, reached);
    if (!isClerical(event)) reached = effective;
    return effective;
  });
};

const untyped = (projection: AnyProjection): Projection => projection as unknown as Projection;

/** A history with all its corrections applied, each event with its sequence and the instant of its effect. */
export const correctedHistory = (
  projection: AnyProjection,
  events: readonly Sequenced[],
): readonly (Sequenced & { readonly effectiveAt: number })[] => {
  const { correct, isClerical } = untyped(projection);
  const sequences = new Map(events.map(({ event, sequence }) => [event.revision, sequence]));
  const history = events.map(({ event }) => event);
  const corrected = correct ? correct(history) : history;
  const instants = effectiveInstants(corrected, isClerical);
  return corrected.map((event, index) => ({
    event,
    sequence: sequences.get(event.revision) ?? 0,
    effectiveAt: instants[index] ?? -Infinity,
  }));
};

const truly = (
  projection: AnyProjection,
  key: string,
  { events, unreadable }: Decoded,
  instant: number,
): FoldResult => {
  const last = events.at(-1);
  try {
    const happened = correctedHistory(projection, events).filter(({ effectiveAt }) => effectiveAt <= instant);
    const { row, failure } = evolveSequenced(projection, key, null, happened);
    return { row, failure: failure ?? (unreadable && { key, ...unreadable }) };
  } catch (error) {
    if (!last) throw error;
    const { revision, id: eventId } = last.event;
    return { row: undefined, failure: { key, revision, eventId, sequence: last.sequence, error: textOf(error) } };
  }
};

/** @param decoded the whole history of the key @returns no row where nothing had happened yet */
export const foldAsOf = (projection: AnyProjection, key: string, decoded: Decoded, cut: Cut): FoldResult => {
  if (cut.meaning === 'true') return truly(projection, key, decoded, cut.instant);
  const { events, unreadable } = decoded;
  return refold(projection, key, {
    events: events.filter(({ sequence }) => sequence <= cut.sequence),
    unreadable: unreadable && unreadable.sequence <= cut.sequence ? unreadable : undefined,
  });
};
