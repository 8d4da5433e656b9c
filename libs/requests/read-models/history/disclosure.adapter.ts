import { Recorded } from '../../../eventing/event';
import { RequestEvent } from '../../events';
import { typesForCustomers } from './visible-history';

/** What of a case its customer may be shown, by whichever domain shows it to them. */
const seen = new Set(typesForCustomers);

/** Why the staff moved a case is their own matter; a customer's own words are the customer's. */
export const withoutReason = (event: Recorded<RequestEvent>, customer: string): Recorded<RequestEvent> => {
  if (event.metadata.actor === customer || !('reason' in event.data)) return event;
  const { reason: _reason, ...data } = event.data;
  return { ...event, data } as Recorded<RequestEvent>;
};

/** The part of a whole history that its customer may see; a correction where what it corrects is seen. */
export const disclosedCase = (
  events: readonly Recorded<RequestEvent>[],
  customer: string,
): readonly Recorded<RequestEvent>[] => {
  const types = new Map(events.map(({ revision, type }) => [revision, type]));
  const isSeen = (event: Recorded<RequestEvent>): boolean =>
    seen.has(event.type) &&
    (event.type !== 'RequestCorrected' || seen.has(types.get(event.data.corrects) ?? event.type));
  return events.filter(isSeen).map((event) => withoutReason(event, customer));
};
