import { EventTypes } from '../event-types';
import { FoldFailure, Sequenced } from './projection';
import { LoggedEvent } from './projection-store.adapter';

/** Events as the domain knows them, or the first one that this build cannot read. */
export const decodeAll = (
  types: EventTypes,
  key: string,
  events: readonly LoggedEvent[],
): readonly Sequenced[] | FoldFailure => {
  const decoded: Sequenced[] = [];
  for (const event of events)
    try {
      decoded.push({ sequence: event.sequence, event: types.decode(event) });
    } catch (error) {
      const { revision, sequence, id: eventId } = event;
      return { key, revision, sequence, eventId, error: error instanceof Error ? error.message : String(error) };
    }
  return decoded;
};

export const isUndecodable = (result: readonly Sequenced[] | FoldFailure): result is FoldFailure =>
  !Array.isArray(result);
