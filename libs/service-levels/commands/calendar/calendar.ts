import { refuseFaulty, Rejection } from '../../../eventing/rejection';
import { Book, calendarEntry, policiesAt } from '../../book';
import { CalendarBody, calendarFaults } from '../../calendar-definition';
import { BookEvent } from '../../events';
import { ServiceLevelPolicy } from '../../policy';
import { unreachedTargets } from '../../policy-faults';
import { sameJson } from '../../../eventing/same-json';

/** Saves what a calendar is to become. @throws Rejection CALENDAR_INVALID with a pointer to each fault */
export const draftCalendar = (id: string, body: CalendarBody, book: Book): BookEvent[] => {
  refuseFaulty('CALENDAR_INVALID', `calendar ${id}`, calendarFaults(body));
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

/** Those that hold from an instant on, or will. */
const policiesSince = (book: Book, from: number): readonly ServiceLevelPolicy[] => {
  const later = Object.values(book.policies).flatMap(({ revisions }) => revisions.map((revision) => revision.from));
  const instants = [from, ...later.filter((instant) => instant > from)];
  return [...new Set(instants.flatMap((instant) => policiesAt(book, instant)))];
};

/** Makes the draft the next revision. @throws Rejection CALENDAR_INVALID when a policy's target would be out of its reach */
export const activateCalendar = ({ id, from, corrects, reason }: Activate, book: Book): BookEvent[] => {
  const { draft, revisions } = calendarEntry(book, id);
  if (!draft) throw new Rejection('NOTHING_DRAFTED', `calendar ${id} has no draft`);
  if (corrects !== null && !revisions.some(({ value }) => value.revision === corrects))
    throw new Rejection('NOTHING_ACTIVE', `calendar ${id} has no revision ${corrects}`);
  const revision = (revisions.at(-1)?.value.revision ?? 0) + 1;
  const unreached = unreachedTargets({ ...draft, id, revision }, policiesSince(book, Date.parse(from)));
  refuseFaulty('CALENDAR_INVALID', `calendar ${id}`, unreached);
  return [{ type: 'CalendarActivated', data: { id, revision, from, corrects, reason, body: draft } }];
};
