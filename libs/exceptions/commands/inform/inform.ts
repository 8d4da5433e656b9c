import { Channel } from '../../../channels/channels';
import { ExceptionEvent } from '../../events';
import { ExceptionCase, existing } from '../../exception';

export interface InformCustomer {
  readonly channel: Channel;
  readonly text: string;
  /** Of an e-mail, which somebody is to carry. */
  readonly messageId?: string | undefined;
}

/** Records what the customer is told, and how. Also afterwards: what became of it is theirs to know. */
export const inform = (command: InformCustomer, state: ExceptionCase): ExceptionEvent[] => {
  existing(state);
  return [{ type: 'ExceptionCustomerInformed', data: command }];
};
