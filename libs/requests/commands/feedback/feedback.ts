import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

export interface GiveFeedback {
  /** 1 to 5, 5 is best. */
  readonly rating: number;
  readonly text?: string | undefined;
}

/** Says how the last resolution served the customer. Each resolution can be judged, also one after a reopening. */
export const giveFeedback = ({ rating, text }: GiveFeedback, state: Request): RequestEvent[] => {
  const about = state.status === 'none' ? -1 : state.history.findLastIndex(({ type }) => type === 'RequestResolved');
  if (about < 0 || (state.status !== 'resolved' && state.status !== 'closed'))
    throw new Rejection('REQUEST_NOT_RESOLVED', `request ${state.number} is ${state.status}`);
  return [{ type: 'RequestFeedbackGiven', data: { rating, text, about } }];
};
