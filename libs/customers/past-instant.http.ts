import { parseInstant } from '../platform/http/instant';
import { unprocessable } from '../platform/http/problem';

/** An instant of the body in UTC. @param now RFC 3339 @throws Problem VALIDATION_FAILED for one that has not come yet */
export const pastInstant = (text: string | undefined, now: string): string | undefined => {
  const instant = text === undefined ? undefined : (parseInstant(text) ?? undefined);
  if (instant !== undefined && instant > now)
    throw unprocessable([{ pointer: '/at', code: 'IN_THE_FUTURE', detail: 'must not be in the future' }]);
  return instant;
};
