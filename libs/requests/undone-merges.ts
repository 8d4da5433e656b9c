import { Recorded } from '../eventing/event';
import { RequestEvent } from './events';

/**
 * A history in which merges that were taken back have never been.
 *
 * Guarantee: order and number of events stay. Whatever was done between merge and unmerge is folded as if the merge's own events had
 * said nothing, so that every fact of either request is what it would be without them.
 */
export const withoutUndoneMerges = (events: readonly Recorded<RequestEvent>[]): readonly Recorded<RequestEvent>[] => {
  const separated = new Set<string>();
  let isUndone = false;
  // From the newest back: what takes a merge back stands behind it.
  return events
    .reduceRight<Recorded<RequestEvent>[]>((later, event) => {
      if (event.type === 'RequestUnmerged') isUndone = true;
      if (event.type === 'RequestSeparated') for (const number of event.data.members) separated.add(number);
      later.push(isUndone || separated.size ? undone(event, isUndone, separated) : event);
      return later;
    }, [])
    .reverse();
};

const undone = (
  event: Recorded<RequestEvent>,
  isUndone: boolean,
  separated: ReadonlySet<string>,
): Recorded<RequestEvent> => {
  if (event.type === 'RequestMerged' && isUndone) return { ...event, data: { ...event.data, into: null } };
  if (event.type !== 'RequestAbsorbed') return event;
  const members = event.data.members.filter(({ number }) => !separated.has(number));
  return members.length === event.data.members.length ? event : { ...event, data: { ...event.data, members } };
};
