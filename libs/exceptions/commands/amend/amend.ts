import { Deviation, ExceptionEvent } from '../../events';
import { assertAhead, ExceptionCase, ongoing } from '../../exception';

export interface AmendException extends Partial<Deviation> {
  readonly by: string;
  /** RFC 3339. */
  readonly now: string;
}

const sameWords = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * Says anew what deviates or why. Everything that was decided was decided on other words: it is to be assessed and approved again.
 * Sealed texts cannot be compared, so that one which is given counts as another.
 */
export const amend = ({ by, now, ...wanted }: AmendException, state: ExceptionCase): ExceptionEvent[] => {
  const known = ongoing(state);
  const before: Readonly<Record<string, unknown>> = { ...known };
  const changes: Partial<Deviation> = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== undefined && !sameWords(before[name], value)),
  );
  if (!Object.keys(changes).length) return [];
  assertAhead(changes.until ?? null, now);
  return [{ type: 'ExceptionAmended', data: { ...changes, by } }];
};
