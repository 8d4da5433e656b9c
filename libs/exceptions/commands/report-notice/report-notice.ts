import { DeliveryReport, newsAbout } from '../../../channels/delivery';
import { ExceptionEvent } from '../../events';
import { ExceptionCase, existing } from '../../exception';

export type ReportNotice = { readonly message: number } & DeliveryReport;

/** Says what became of a notice that was carried to the customer. Saying so twice is not an error. */
export const reportNotice = ({ message: about, ...report }: ReportNotice, state: ExceptionCase): ExceptionEvent[] => {
  const sending = existing(state).sent.find(({ notice }) => notice === about);
  const news = newsAbout(about, report, sending);
  if (!news) return [];
  if (news.outcome === 'delivered') return [{ type: 'ExceptionNoticeDelivered', data: { about } }];
  const { reason, isFinal, detail } = news;
  return [{ type: 'ExceptionNoticeFailed', data: { about, reason, isFinal, detail } }];
};
