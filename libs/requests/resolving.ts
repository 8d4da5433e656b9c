import { Standing } from '../configuration/configuration';
import { refuseFaults, wordFaults } from '../configuration/words';
import { Rejection } from '../eventing/rejection';
import { under } from '../service-levels/fault';
import { RequestEvent } from './events';
import { Request } from './request';

export interface ResolveRequest {
  readonly code: string;
  readonly resolution: string;
}

/**
 * Ends the work on a case, saying how. A hold ends with it. Resolving twice in the same way is not an error.
 * @param place pointer to where in the command it is said
 */
export const resolve = (
  { code, resolution }: ResolveRequest,
  state: Request,
  standing: Standing,
  place = '',
): RequestEvent[] => {
  if (state.status === 'resolved' && state.code === code) return [];
  if (state.status !== 'open' && state.status !== 'held')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  refuseFaults(under(place, wordFaults(standing, { codes: code })));
  return [{ type: 'RequestResolved', data: { code, resolution } }];
};
