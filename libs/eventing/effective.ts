/** One revision of something that holds from an instant on. Instants are epoch milliseconds. */
export interface Held<T> {
  readonly value: T;
  readonly from: number;
  /** The revision that was wrong all along, for which this one stands in. */
  readonly corrects: number | null;
}

/** The revision that holds at an instant: the newest of those from then or before; one that was corrected never. */
export const heldAt = <T extends { readonly revision: number }>(
  revisions: readonly Held<T>[],
  at: number,
): T | undefined => {
  const corrected = new Set(revisions.map(({ corrects }) => corrects));
  const holding = revisions.filter(({ from, value }) => from <= at && !corrected.has(value.revision));
  return holding.reduce<Held<T> | undefined>((best, each) => (best && best.from > each.from ? best : each), undefined)
    ?.value;
};

/** Holds since ever: what a new installation begins with. */
export const always = <T>(value: T): Held<T> => ({ value, from: 0, corrects: null });
