import { Recorded } from '../eventing/event';
import { RequestEvent, RequestEventOf } from './events';
import { DeliveryFailure } from './vocabulary';

/** What has become of a message that somebody has to carry to the customer. */
export interface Sending {
  readonly status: 'waiting' | 'delivered' | 'failed';
  /** How often it was tried in vain. */
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly failure: DeliveryFailure | null;
}

type Report = Recorded<RequestEventOf<'RequestMessageDelivered' | 'RequestMessageFailed'>>;

/**
 * How a message stands when it is written: what goes out under an id of ours is to be carried.
 * @returns undefined for everything else, and for what another system has carried
 */
export const sendingOf = ({ type, data, metadata }: Recorded<RequestEvent>): Sending | undefined => {
  const exchange = type === 'RequestResponded' ? data.exchange : undefined;
  const isOurs = exchange?.direction === 'out' && exchange.messageId !== undefined;
  return isOurs && !metadata.origin.startsWith('import:')
    ? { status: 'waiting', attempts: 0, failure: null }
    : undefined;
};

export const isReport = (event: Recorded<RequestEvent>): event is Report =>
  event.type === 'RequestMessageDelivered' || event.type === 'RequestMessageFailed';

export const reported = (sending: Sending, { type, data }: Report): Sending => {
  if (type === 'RequestMessageDelivered') return { ...sending, status: 'delivered' };
  const status = data.isFinal ? 'failed' : sending.status;
  return { status, attempts: sending.attempts + 1, failure: data.reason };
};
