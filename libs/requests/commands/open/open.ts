import { Rejection } from '../../../eventing/rejection';
import { Classification, ContactDetails, RequestEvent } from '../../events';
import { Request } from '../../request';
import { priorityOf } from '../../vocabulary';

export interface OpenRequest extends Omit<Classification, 'priority'> {
  readonly number: string;
  readonly subject: string;
  readonly description: string;
  readonly team: string | null;
  readonly customer: string;
  readonly contact?: ContactDetails | undefined;
}

/** Opens a case under a number that nobody holds yet. */
export const open = (command: OpenRequest, state: Request): RequestEvent[] => {
  if (state.status !== 'none') throw new Rejection('REQUEST_EXISTS', `request ${state.number} is open already`);
  return [{ type: 'RequestOpened', data: { ...command, priority: priorityOf(command.impact, command.urgency) } }];
};
