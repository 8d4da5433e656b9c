import { Rejection } from '../../../eventing/rejection';
import { PersonalText } from '../../../eventing/sealed';
import { RequestEvent } from '../../events';
import { Request } from '../../request';
import { DeliveryFailure } from '../../vocabulary';

export const attemptsMax = 20;

export type ReportDelivery = { readonly message: number } & (
  | { readonly outcome: 'delivered' }
  | {
      readonly outcome: 'failed';
      readonly reason: DeliveryFailure;
      /** It is not tried again. */
      readonly isFinal: boolean;
      readonly detail?: PersonalText | undefined;
    }
);

/**
 * Says what became of a message that was carried to the customer. Saying so twice is not an error. It may come back after it was
 * delivered; what was only late by then was not.
 */
export const reportDelivery = (report: ReportDelivery, state: Request): RequestEvent[] => {
  const { message: about } = report;
  const sending = state.status === 'none' ? undefined : state.history[about]?.sending;
  if (!sending) {
    const detail = 'is no message that is to be carried';
    const fault = { pointer: '/message', code: 'UNKNOWN_EXCHANGE', detail };
    throw new Rejection('UNKNOWN_EXCHANGE', `event ${about} ${detail}`, [fault]);
  }
  if (report.outcome === 'delivered')
    return sending.status === 'delivered' ? [] : [{ type: 'RequestMessageDelivered', data: { about } }];
  const isFinal = report.isFinal || sending.attempts + 1 >= attemptsMax;
  const isSaid = sending.status === 'failed' || (sending.status === 'delivered' && !report.isFinal);
  const { reason, detail } = report;
  return isSaid ? [] : [{ type: 'RequestMessageFailed', data: { about, reason, isFinal, detail } }];
};
