import { NotFound } from '../../eventing/failures';
import { projectionsWithout } from '../../eventing/projections/quarantine.adapter';
import { parseNumber } from '../../case-numbers/parse-number';
import { Engine } from '../../platform/engine/engine';
import { Problem } from '../../platform/http/problem';
import { numberSpace } from '../number.http';

/**
 * What an answer lacks because of events that the read models could not take in: the names of those in which the one case stands
 * still, or how many cases stand still altogether where an answer is about many.
 */
export const incompleteness = async (
  engine: Engine,
  standing: number,
  typedNumber: string | undefined,
): Promise<string | undefined> => {
  if (!standing) return undefined;
  if (typedNumber === undefined) return String(standing);
  const parsed = parseNumber(typedNumber, numberSpace(engine.installation));
  const names = parsed.ok ? await projectionsWithout(engine.pool, parsed.number) : [];
  return names.length ? names.join(', ') : undefined;
};

/** A case whose very first event could not be taken in has no row; to say that there is no such case would be wrong. */
export const notShownYet = (error: unknown): unknown =>
  error instanceof NotFound
    ? new Problem('CASE_INCOMPLETE', 'Its events could not be taken into the read models. They stand in its history.')
    : error;
