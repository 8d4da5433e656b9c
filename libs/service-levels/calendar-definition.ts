import { type Fault, fault, step, under } from './fault';
import { isZone } from './zone-offsets';

/** ISO weekdays: 1 is Monday. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Local wall-clock times `HH:MM`, from inclusive, to exclusive; `24:00` ends the day. */
export interface OpenTimes {
  readonly from: string;
  readonly to: string;
}

export type Week = Readonly<Partial<Record<Weekday, readonly OpenTimes[]>>>;

/** A calendar without its name. */
export interface CalendarBody {
  /** IANA name, such as `Europe/Berlin`. */
  readonly zone: string;
  readonly week: Week | 'always';
  /** Local dates `YYYY-MM-DD`, closed all day, in an `always` calendar too. */
  readonly holidays: readonly string[];
  /** Local dates with times of their own, in place of those of the week and of a holiday; none of them: closed. */
  readonly exceptions?: Readonly<Record<string, readonly OpenTimes[]>> | undefined;
}

/** One revision of a calendar. It is a value: a change makes the next revision, it never alters one. */
export interface Calendar extends CalendarBody {
  readonly id: string;
  readonly revision: number;
}

const INTERVALS_PER_DAY_MAX = 24;
const HOLIDAYS_MAX = 5_000;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Seconds since midnight of `HH:MM` on an undisturbed clock. */
export const secondOfDay = (time: string): number => Number(time.slice(0, 2)) * 3600 + Number(time.slice(3)) * 60;

/** What keeps a calendar from being saved; empty when it is valid. */
export const calendarFaults = (calendar: CalendarBody): readonly Fault[] => [
  ...(isZone(calendar.zone) ? [] : [fault('/zone', 'UNKNOWN_ZONE', `zone ${calendar.zone} is unknown`)]),
  ...weekFaults(calendar.week),
  ...tooMany('/holidays', calendar.holidays.length),
  ...calendar.holidays.flatMap((date, place) => dateFaults(`/holidays/${place}`, date)),
  ...exceptionFaults(calendar.exceptions ?? {}),
];

function weekFaults(week: CalendarBody['week']): readonly Fault[] {
  if (week === 'always') return [];
  const faults = WEEKDAYS.flatMap((day) => under(`/week/${day}`, dayFaults(week[day] ?? [])));
  const open = WEEKDAYS.some((day) => (week[day] ?? []).length > 0);
  return open ? faults : [...faults, fault('/week', 'NEVER_OPEN', 'no day of the week is open')];
}

function exceptionFaults(exceptions: NonNullable<CalendarBody['exceptions']>): readonly Fault[] {
  const days = Object.entries(exceptions);
  return [
    ...tooMany('/exceptions', days.length),
    ...days.flatMap(([date, times]) =>
      under(`/exceptions${step(date)}`, [...dateFaults('', date), ...dayFaults(times)]),
    ),
  ];
}

export function dayFaults(intervals: readonly OpenTimes[]): readonly Fault[] {
  if (intervals.length > INTERVALS_PER_DAY_MAX)
    return [fault('', 'TOO_MANY_INTERVALS', `a day has at most ${INTERVALS_PER_DAY_MAX} intervals`)];
  return intervals.flatMap(({ from, to }, place) => {
    const before = intervals[place - 1]?.to ?? '00:00';
    const at = `/${place}`;
    if (!TIME.test(from) || !TIME.test(to)) return [fault(at, 'NOT_A_TIME', `${from}–${to} are no times`)];
    if (from >= to) return [fault(at, 'INTERVAL_EMPTY', `${from} is not before ${to}`)];
    return from < before ? [fault(at, 'INTERVALS_OVERLAP', `${from}–${to} begins before ${before}`)] : [];
  });
}

const tooMany = (pointer: string, count: number): readonly Fault[] =>
  count > HOLIDAYS_MAX ? [fault(pointer, 'TOO_MANY_DAYS', `there are more than ${HOLIDAYS_MAX} of them`)] : [];

export const dateFaults = (pointer: string, date: string): readonly Fault[] =>
  isDate(date) ? [] : [fault(pointer, 'NOT_A_DATE', `${date} is no date`)];

function isDate(text: string): boolean {
  const instant = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 2026-02-30 would be read as 2 March.
  return Number.isFinite(instant) && new Date(instant).toISOString().startsWith(text);
}
