import { Standing } from '../configuration/configuration';
import { refuseFaults, wordFaults } from '../configuration/words';
import { Rejection } from '../eventing/rejection';
import { under } from '../service-levels/fault';
import { RequestEvent } from './events';
import { ExistingRequest, Request } from './request';

export interface ResolveRequest {
  readonly code: string;
  readonly resolution: string;
  /** Its open children are resolved with it, and theirs. */
  readonly resolveChildren?: boolean | undefined;
}

const isShared = ({ history }: ExistingRequest): boolean =>
  history.findLast(({ type }) => type === 'RequestResolved' || type === 'RequestResolutionShared')?.type ===
  'RequestResolutionShared';

/**
 * Ends the work on a case, saying how. A hold ends with it. Resolving twice in the same way is not an error.
 * @param place pointer to where in the command it is said
 */
export const resolve = (
  { code, resolution, resolveChildren = false }: ResolveRequest,
  state: Request,
  standing: Standing,
  place = '',
): RequestEvent[] => {
  const shared: RequestEvent[] = resolveChildren ? [{ type: 'RequestResolutionShared', data: {} }] : [];
  if (state.status === 'resolved' && state.code === code) return isShared(state) ? [] : shared;
  if (state.status !== 'open' && state.status !== 'held')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  refuseFaults(under(place, wordFaults(standing, { codes: code })));
  return [{ type: 'RequestResolved', data: { code, resolution } }, ...shared];
};
