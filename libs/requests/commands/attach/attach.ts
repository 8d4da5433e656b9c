import { Rejection } from '../../../eventing/rejection';
import { RequestEvent, RequestEventOf } from '../../events';
import { Request } from '../../request';
import { isMessage } from '../../messages';

export const attachmentsMax = 500;

export interface AttachFile extends Omit<RequestEventOf<'RequestFileAttached'>['data'], 'name'> {
  readonly name: string;
  readonly by: 'staff' | 'customer';
}

/** Adds a file to a case. Customers add to a case that is not over; what the staff learn after the end belongs to it too. */
export const attach = ({ by, ...file }: AttachFile, state: Request): RequestEvent[] => {
  if (state.status === 'none') throw new Rejection('REQUEST_NOT_OPEN', 'there is no such request');
  if (by === 'customer' && (state.status === 'closed' || state.status === 'cancelled'))
    throw new Rejection('REQUEST_NOT_OPEN', `request ${state.number} is ${state.status}`);
  if (state.history.filter((entry) => entry.file).length >= attachmentsMax)
    throw new Rejection('TOO_MANY_ATTACHMENTS', `a request has at most ${attachmentsMax} files`);
  const { about } = file;
  if (about !== null && !isMessage(state.history[about]))
    throw new Rejection('UNKNOWN_EXCHANGE', `event ${about} is no message`, [
      { pointer: '/about', code: 'UNKNOWN_EXCHANGE', detail: 'is no revision of a message' },
    ]);
  return [{ type: 'RequestFileAttached', data: file }];
};
