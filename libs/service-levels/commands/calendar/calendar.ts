import { Rejection } from '../../../eventing/rejection';
import { Book, calendarEntry } from '../../book';
import { CalendarBody, calendarFaults } from '../../calendar-definition';
import { BookEvent } from '../../events';
import { sameJson } from '../../../eventing/same-json';

/** Saves what a calendar is to become. @throws Rejection CALENDAR_INVALID with a pointer to each fault */
export const draftCalendar = (id: string, body: CalendarBody, book: Book): BookEvent[] => {
  const faults = calendarFaults(body);
  if (faults.length) throw new Rejection('CALENDAR_INVALID', `calendar ${id} has ${faults.length} faults`, faults);
  return sameJson(calendarEntry(book, id).draft, body) ? [] : [{ type: 'CalendarDrafted', data: { id, body } }];
};

export interface Activate {
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly from: string;
  /** The revision that was wrong all along; null when the draft is simply next. */
  readonly corrects: number | null;
  readonly reason: string | null;
}

/** Makes the draft the next revision. */
export const activateCalendar = ({ id, from, corrects, reason }: Activate, book: Book): BookEvent[] => {
  const { draft, revisions } = calendarEntry(book, id);
  if (!draft) throw new Rejection('NOTHING_DRAFTED', `calendar ${id} has no draft`);
  if (corrects !== null && !revisions.some(({ value }) => value.revision === corrects))
    throw new Rejection('NOTHING_ACTIVE', `calendar ${id} has no revision ${corrects}`);
  const revision = (revisions.at(-1)?.value.revision ?? 0) + 1;
  return [{ type: 'CalendarActivated', data: { id, revision, from, corrects, reason, body: draft } }];
};
