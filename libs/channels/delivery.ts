import { Rejection } from '../eventing/rejection';
import { PersonalText } from '../eventing/sealed';

/** What becomes of a message that somebody has to carry to a customer. */
export const deliveryFailures = [
  ...(['unknown-address', 'refused', 'unreachable', 'expired', 'unreadable', 'other'] as const),
] as const;
/** Why it could not be carried. Stored for ever: a word may be added, never given another meaning. */
export type DeliveryFailure = (typeof deliveryFailures)[number];

export const attemptsMax = 20;
export const detailCharactersMax = 2_000;

export interface Sending {
  readonly status: 'waiting' | 'delivered' | 'failed';
  /** How often it was tried in vain. */
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly failure: DeliveryFailure | null;
}

export const unsent: Sending = { status: 'waiting', attempts: 0, failure: null };

export type DeliveryReport =
  | { readonly outcome: 'delivered' }
  | {
      readonly outcome: 'failed';
      readonly reason: DeliveryFailure;
      /** It is not tried again. */
      readonly isFinal: boolean;
      /** What the other end said. */
      readonly detail?: PersonalText | undefined;
    };

/**
 * What is new in a report about an event. @param sending what is known of it; undefined when it is no message that is to be carried
 * @throws Rejection UNKNOWN_EXCHANGE
 */
export const newsAbout = (
  about: number,
  report: DeliveryReport,
  sending: Sending | undefined,
): DeliveryReport | undefined => {
  if (sending) return newsOf(report, sending);
  const detail = 'is no message that is to be carried';
  const fault = { pointer: '/message', code: 'UNKNOWN_EXCHANGE', detail };
  throw new Rejection('UNKNOWN_EXCHANGE', `event ${about} ${detail}`, [fault]);
};

/**
 * What is new in a report. Saying so twice is not. A message may come back after it was delivered; what was only late by then was not.
 * What has been tried often enough is given up.
 */
const newsOf = (report: DeliveryReport, sending: Sending): DeliveryReport | undefined => {
  if (report.outcome === 'delivered') return sending.status === 'delivered' ? undefined : report;
  const isSaid = sending.status === 'failed' || (sending.status === 'delivered' && !report.isFinal);
  return isSaid ? undefined : { ...report, isFinal: report.isFinal || sending.attempts + 1 >= attemptsMax };
};

export const afterReport = (sending: Sending, report: DeliveryReport): Sending => {
  if (report.outcome === 'delivered') return { ...sending, status: 'delivered' };
  const status = report.isFinal ? 'failed' : sending.status;
  return { status, attempts: sending.attempts + 1, failure: report.reason };
};
