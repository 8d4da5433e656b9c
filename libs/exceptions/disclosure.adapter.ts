import { Recorded } from '../eventing/event';
import { ExceptionEvent } from './events';

/** What of an exception the customer whom it is about may be shown, by whichever domain shows it to them. */
const facts = (event: Recorded<ExceptionEvent>): object | undefined => {
  switch (event.type) {
    case 'ExceptionOpened': {
      const { number, customer, kind, requests } = event.data;
      return { number, customer, kind, requests };
    }
    case 'ExceptionCustomerInformed': {
      const { channel, text } = event.data;
      return { channel, text };
    }
    case 'ExceptionFeedbackGiven':
      return event.data.from === 'customer' ? event.data : undefined;
    case 'ExceptionClosed':
    case 'ExceptionWithdrawn':
      return {};
    default:
      // How it was judged and decided is among the staff.
      return undefined;
  }
};

export const disclosedException = (events: readonly Recorded<ExceptionEvent>[]): readonly Recorded[] =>
  events.flatMap((event) => {
    const data = facts(event);
    return data ? [{ ...event, data }] : [];
  });
