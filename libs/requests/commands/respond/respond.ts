import { Standing } from '../../../configuration/configuration';
import { Rejection } from '../../../eventing/rejection';
import { RequestEvent, RequestEventOf } from '../../events';
import { assertCarried, assertTakesWords } from '../../messages';
import { Request } from '../../request';
import { resolve, ResolveRequest } from '../../resolving';

type Response = RequestEventOf<'RequestResponded'>['data'];

export interface RespondToRequest extends Pick<Response, 'exchange' | 'template' | 'draft'> {
  readonly text: string;
  /** Whose words they are. */
  readonly by: Response['by'];
  /** Who writes them down; staff also write down what a customer said. */
  readonly writtenBy: 'staff' | 'customer';
  /** Ends the work with the same breath. */
  readonly resolve?: ResolveRequest | undefined;
}

/** Says something that both the customer and the staff can read; of a draft, once. */
export const respond = (
  { text, by, writtenBy, exchange, template, draft, resolve: ending }: RespondToRequest,
  request: Request,
  standing: Standing,
): RequestEvent[] => {
  const state = assertTakesWords(request);
  assertCarried(exchange, state, writtenBy);
  if (draft !== undefined && state.history.some((entry) => entry.draft === draft))
    throw new Rejection('DRAFT_SENT', 'this draft was sent already');
  const response: RequestEvent = { type: 'RequestResponded', data: { text, by, exchange, template, draft } };
  return [response, ...(ending ? resolve(ending, state, standing, '/resolve') : [])];
};
