import { DeliveryReport, newsAbout } from '../../../channels/delivery';
import { RequestEvent } from '../../events';
import { Request } from '../../request';

export type ReportDelivery = { readonly message: number } & DeliveryReport;

/** Says what became of a message that was carried to the customer. Saying so twice is not an error. */
export const reportDelivery = ({ message: about, ...report }: ReportDelivery, state: Request): RequestEvent[] => {
  const sending = state.status === 'none' ? undefined : state.history[about]?.sending;
  const news = newsAbout(about, report, sending);
  if (!news) return [];
  if (news.outcome === 'delivered') return [{ type: 'RequestMessageDelivered', data: { about } }];
  const { reason, isFinal, detail } = news;
  return [{ type: 'RequestMessageFailed', data: { about, reason, isFinal, detail } }];
};
