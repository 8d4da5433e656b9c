import { Rejection } from '../../../eventing/rejection';
import { RequestEvent } from '../../events';
import { Request, TextPlace } from '../../request';

export interface RedactText {
  /** Revision of the event that holds the text. */
  readonly revision: number;
  /** JSON pointer into the event's data; may be left out where the event holds one text only. */
  readonly pointer: string | undefined;
  readonly reason: string;
}

/** The text meant, with the key whose destruction makes it unreadable. @throws Rejection NOTHING_TO_REDACT */
export const textToRedact = ({ revision, pointer }: RedactText, state: Request): TextPlace => {
  const texts = state.status === 'none' ? [] : (state.history[revision]?.texts ?? []);
  const found = pointer === undefined && texts.length === 1 ? texts[0] : texts.find((text) => text.pointer === pointer);
  if (found) return found;
  const places = texts.map((text) => text.pointer).join(' ') || 'none';
  throw new Rejection('NOTHING_TO_REDACT', `event ${revision} has no such text`, [
    { pointer: '/pointer', code: 'NOTHING_TO_REDACT', detail: `texts of event ${revision}: ${places}` },
  ]);
};

/** Records that one text was made unreadable, by whom and why. The text's key is destroyed once this stands in the log. */
export const redact = (command: RedactText, state: Request): RequestEvent[] => {
  const { pointer } = textToRedact(command, state);
  return [{ type: 'RequestTextRedacted', data: { redacts: command.revision, pointer, reason: command.reason } }];
};
