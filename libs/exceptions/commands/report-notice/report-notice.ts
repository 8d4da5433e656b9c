import { DeliveryReport, newsOf } from '../../../channels/delivery';
import { Rejection } from '../../../eventing/rejection';
import { ExceptionEvent } from '../../events';
import { ExceptionCase, existing } from '../../exception';

export type ReportNotice = { readonly message: number } & DeliveryReport;

/** Says what became of a notice that was carried to the customer. Saying so twice is not an error. */
export const reportNotice = ({ message: about, ...report }: ReportNotice, state: ExceptionCase): ExceptionEvent[] => {
  const sending = existing(state).sent.find(({ notice }) => notice === about);
  if (!sending) {
    const detail = 'is no message that is to be carried';
    const fault = { pointer: '/message', code: 'UNKNOWN_EXCHANGE', detail };
    throw new Rejection('UNKNOWN_EXCHANGE', `event ${about} ${detail}`, [fault]);
  }
  const news = newsOf(report, sending);
  if (!news) return [];
  if (news.outcome === 'delivered') return [{ type: 'ExceptionNoticeDelivered', data: { about } }];
  const { reason, isFinal, detail } = news;
  return [{ type: 'ExceptionNoticeFailed', data: { about, reason, isFinal, detail } }];
};
