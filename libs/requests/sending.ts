import { afterReport, DeliveryReport, Sending, unsent } from '../channels/delivery';
import { Recorded } from '../eventing/event';
import { RequestEvent, RequestEventOf } from './events';

type Report = Recorded<RequestEventOf<'RequestMessageDelivered' | 'RequestMessageFailed'>>;

/**
 * How a message stands when it is written: what goes out under an id of ours is to be carried.
 * @returns undefined for everything else, and for what another system has carried
 */
export const sendingOf = ({ type, data, metadata }: Recorded<RequestEvent>): Sending | undefined => {
  const exchange = type === 'RequestResponded' ? data.exchange : undefined;
  const isOurs = exchange?.direction === 'out' && exchange.messageId !== undefined;
  return isOurs && !metadata.origin.startsWith('import:') ? unsent : undefined;
};

export const isReport = (event: Recorded<RequestEvent>): event is Report =>
  event.type === 'RequestMessageDelivered' || event.type === 'RequestMessageFailed';

const reportIn = ({ type, data }: Report): DeliveryReport =>
  type === 'RequestMessageDelivered' ? { outcome: 'delivered' } : { outcome: 'failed', ...data };

export const reported = (sending: Sending, report: Report): Sending => afterReport(sending, reportIn(report));
