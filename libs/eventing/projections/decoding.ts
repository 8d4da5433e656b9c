import { EventTypes } from '../event-types';
import { LoggedEvent } from './mirror';
import { FoldFailure, Sequenced } from './projection';

/** What stopped a key, before it is known for which projection. */
export type Unfoldable = Omit<FoldFailure, 'key'>;

/** Events as the domain knows them, up to the first one that this build cannot read. */
export interface Decoded {
  readonly events: readonly Sequenced[];
  readonly unreadable: Unfoldable | undefined;
}

export const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

export const decode = (types: EventTypes, logged: readonly LoggedEvent[]): Decoded => {
  const events: Sequenced[] = [];
  for (const event of logged)
    try {
      events.push({ sequence: event.sequence, event: types.decode(event) });
    } catch (error) {
      const { revision, sequence, id: eventId } = event;
      return { events, unreadable: { revision, sequence, eventId, error: textOf(error) } };
    }
  return { events, unreadable: undefined };
};
