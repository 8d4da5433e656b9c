import { Exchange } from '../event-values';
import { RequestEvent } from '../events';
import { Request } from '../request';
import { Route } from './events';

export interface FileMessage {
  readonly text: string;
  readonly exchange: Exchange;
  readonly as: Extract<Route, { to: 'case' }>['as'];
}

/**
 * Puts a message to the case that it was found to belong to, whatever has become of that case meanwhile. What the customer says
 * takes up a case that was over; what others and machines say is kept among the staff and moves nothing.
 */
export const fileMessage = ({ text, exchange, as }: FileMessage, state: Request): RequestEvent[] => {
  if (as !== 'customer') {
    const flags = as === 'third-party' ? { isThirdParty: true } : { isAutomatic: true };
    return [{ type: 'RequestNoted', data: { text, exchange: { ...exchange, ...flags } } }];
  }
  const isAtWork = state.status === 'open' || state.status === 'held';
  return [
    ...(isAtWork ? [] : [{ type: 'RequestReopened', data: { reason: 'The customer wrote again.' } } as const]),
    { type: 'RequestResponded', data: { text, by: 'customer', exchange } },
  ];
};
