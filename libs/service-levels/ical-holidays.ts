import ICAL from 'ical.js';
import { type Fault, fault } from './fault';

export type ICalHolidays = { readonly dates: readonly string[] } | { readonly faults: readonly Fault[] };

const daysMax = 5_000;
const occurrencesMax = 10_000;

const refused = (code: string, detail: string): ICalHolidays => ({ faults: [fault('', code, detail)] });

/**
 * The local dates of all-day events in an iCalendar text (RFC 5545), repetitions up to a year included, without those that are
 * excepted. Events with a time of day are no holidays and are left out.
 */
export const icalHolidays = (text: string, yearLast: number): ICalHolidays => {
  try {
    const root = new ICAL.Component(ICAL.parse(text));
    const events = root.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
    const allDay = events.filter(({ startDate }) => startDate?.isDate === true);
    if (!allDay.length) return refused('NO_ALL_DAY_EVENT', 'there is no all-day event');
    const dates = new Set(allDay.flatMap((event) => [...datesOf(event, yearLast)]));
    return dates.size > daysMax
      ? refused('TOO_MANY_DAYS', `there are more than ${daysMax} days`)
      : { dates: [...dates].sort() };
  } catch (error) {
    return refused('NOT_ICALENDAR', error instanceof Error ? error.message.slice(0, 200) : 'cannot be read');
  }
};

function* datesOf(event: ICAL.Event, yearLast: number): Generator<string> {
  const days = Math.max(1, Math.round(event.duration.toSeconds() / 86_400));
  for (const start of startsOf(event, yearLast))
    for (let day = 0; day < days && day < daysMax; day++) {
      const date = start.clone();
      date.adjust(day, 0, 0, 0);
      yield date.toString().slice(0, 10);
    }
}

function* startsOf(event: ICAL.Event, yearLast: number): Generator<ICAL.Time> {
  if (!event.isRecurring()) return void (yield event.startDate);
  const occurrences = event.iterator();
  for (let count = 0; count < occurrencesMax; count++) {
    const next = occurrences.next() as ICAL.Time | undefined;
    if (!next || next.year > yearLast) return;
    yield next;
  }
}
