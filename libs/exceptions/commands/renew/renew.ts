import { Rejection } from '../../../eventing/rejection';
import { ExceptionEvent } from '../../events';
import { assertAhead, ExceptionCase, ongoing } from '../../exception';

export interface RenewException {
  readonly by: string;
  /** RFC 3339. */
  readonly until: string;
  readonly reason: string;
  readonly now: string;
}

/** Asks for more time. Until that is approved, by two people anew, it holds as long as it did. */
export const renew = ({ by, until, reason, now }: RenewException, state: ExceptionCase): ExceptionEvent[] => {
  const known = ongoing(state);
  if (known.validUntil === null || (known.status !== 'approved' && known.status !== 'expired'))
    throw new Rejection('NOTHING_TO_RENEW', `exception ${known.number} has no end to put off`);
  if (known.renewal?.until === until) return [];
  assertAhead(until, now, known.validUntil);
  return [{ type: 'ExceptionRenewalRequested', data: { by, until, reason } }];
};
