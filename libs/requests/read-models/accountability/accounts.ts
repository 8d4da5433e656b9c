/**
 * Who answers for which part of a case's life, in whole seconds.
 *
 * Guarantee: the seconds of the spans, and so those of every total, add up to `lifetimeSeconds` exactly. A span's seconds are the
 * difference of its ends, each counted from the opening and rounded down: what one span loses by rounding the next one gets.
 */
import { AccountabilityRow, Holding, Span } from './accountability.projection';

export const ballsWith = ['staff', 'customer', 'supplier', 'internal', 'nobody'] as const;
export type BallWith = (typeof ballsWith)[number];

export interface AccountedSpan extends Span {
  readonly seconds: number;
  readonly ballWith: BallWith;
}

export interface Accounts {
  /** Until when the life is counted: the end, now, or the last event of an imported log. Epoch milliseconds. */
  readonly until: number;
  readonly hasEnded: boolean;
  readonly lifetimeSeconds: number;
  readonly spans: readonly AccountedSpan[];
}

const isOver = ({ stage }: Holding): boolean => stage === 'closed' || stage === 'cancelled';

/** Whose move it is: a case that lies open and unassigned, or is done, is nobody's. */
export const ballWith = ({ stage, team, assignee, waitingFor }: Holding): BallWith => {
  if (stage === 'held') return waitingFor ?? 'nobody';
  return stage === 'open' && (team !== null || assignee !== null) ? 'staff' : 'nobody';
};

/** Without what follows the end: a case handed on after it was closed does not live longer. */
const untilEnd = (spans: readonly Span[]): readonly Span[] => {
  const end = spans.findLastIndex((span) => !isOver(span)) + 1;
  return spans.slice(0, end + 1).map((span, index) => (index === end ? { ...span, to: span.from } : span));
};

/**
 * The whole life up to an instant. A closed or cancelled case has ended there; a later reopening makes the time between a span
 * like any other. @param now epoch milliseconds @throws RangeError for a row before the opening
 */
export const accountsAt = (row: AccountabilityRow, now: number): Accounts => {
  const { current, openedAt } = row;
  if (!current) throw new RangeError('a case has no life before it is opened');
  const known = row.isLive ? Math.max(now, row.lastAt) : row.lastAt;
  const spans = untilEnd([...row.spans, { ...current, to: known }]);
  const until = spans.at(-1)?.to ?? openedAt;
  const secondsUntil = (instant: number): number => Math.floor((instant - openedAt) / 1000);
  return {
    until,
    hasEnded: isOver(current),
    lifetimeSeconds: secondsUntil(until),
    spans: spans.map((span) => ({
      ...span,
      seconds: secondsUntil(span.to) - secondsUntil(span.from),
      ballWith: ballWith(span),
    })),
  };
};

/** Totals by what a function finds in a span, in the order of first appearance. */
export const totalsBy = <K extends string | null>(
  spans: readonly AccountedSpan[],
  keyOf: (span: AccountedSpan) => K,
): ReadonlyMap<K, number> => {
  const totals = new Map<K, number>();
  for (const span of spans) totals.set(keyOf(span), (totals.get(keyOf(span)) ?? 0) + span.seconds);
  return totals;
};
