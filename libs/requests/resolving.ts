import { Rejection } from '../eventing/rejection';
import { RequestEvent } from './events';
import { Request } from './request';

export interface ResolveRequest {
  readonly code: string;
  readonly resolution: string;
}

/** Ends the work on a case, saying how. A hold ends with it. Resolving twice in the same way is not an error. */
export const resolve = ({ code, resolution }: ResolveRequest, state: Request): RequestEvent[] => {
  if (state.status === 'resolved' && state.code === code) return [];
  if (state.status !== 'open' && state.status !== 'held')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  return [{ type: 'RequestResolved', data: { code, resolution } }];
};
