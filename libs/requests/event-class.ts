import { Carrying, EventType } from '../eventing/event-types';
import { Field } from '../eventing/search/terms';
import { CorrectedValues } from './event-values';

export type TextField = 'subject' | 'description' | 'contact' | 'text' | 'resolution' | 'reason' | 'name';

/** What holds of all events of one type, in one place. */
export interface RequestEventClass extends EventType {
  /** Which of its values a later event may put right. `occurredAt` may be corrected everywhere. */
  readonly correctable?: readonly (keyof CorrectedValues)[];
  /** Whether customers see it in the history of their own case: what was said and done towards them. Staff see all. */
  readonly forCustomers?: true;
  /**
   * Which of its texts are found, by weight: A the subject, B how the customer named themselves, C what was said to and
   * by them, D what the staff say among themselves, in which customers do not look.
   */
  readonly searched?: Readonly<Partial<Record<TextField, Field>>>;
}

/** An event type of a case, and what its events carry. */
export const carries = <Data extends object>(type: RequestEventClass): Carrying<Data, RequestEventClass> => type;
