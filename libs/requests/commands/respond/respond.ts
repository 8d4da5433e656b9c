import { Standing } from '../../../configuration/configuration';
import { Rejection } from '../../../eventing/rejection';
import { RequestEvent, RequestEventOf } from '../../events';
import { assertCarried } from '../../messages';
import { Request } from '../../request';
import { resolve, ResolveRequest } from '../../resolving';

type Response = RequestEventOf<'RequestResponded'>['data'];

export interface RespondToRequest extends Pick<Response, 'exchange' | 'template'> {
  readonly text: string;
  /** Whose words they are. */
  readonly by: Response['by'];
  /** Who writes them down; staff also write down what a customer said. */
  readonly writtenBy: 'staff' | 'customer';
  /** Ends the work with the same breath. */
  readonly resolve?: ResolveRequest | undefined;
}

/** Says something that both the customer and the staff can read. A closed case takes no more words: it is reopened first. */
export const respond = (
  { text, by, writtenBy, exchange, template, resolve: ending }: RespondToRequest,
  state: Request,
  standing: Standing,
): RequestEvent[] => {
  if (state.status !== 'open' && state.status !== 'held' && state.status !== 'resolved')
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  assertCarried(exchange, state, writtenBy);
  const response: RequestEvent = { type: 'RequestResponded', data: { text, by, exchange, template } };
  return [response, ...(ending ? resolve(ending, state, standing, '/resolve') : [])];
};
