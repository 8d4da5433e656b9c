import { commandIdOf } from '../eventing/envelope';

/** Who brings what was decided on the relations of all requests into the histories of those that it concerns. */
export const carrier = 'process:carry-relations';

/** Id of the command that brings an event into the history of one request. */
export const carryingCommandId = (eventId: string, number: string): string =>
  commandIdOf(carrier, 'reaction', `${eventId}/${number}`);
