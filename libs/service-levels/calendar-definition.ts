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

/** One revision of a calendar. It is a value: a change makes the next revision, it never alters one. */
export interface Calendar {
  readonly id: string;
  readonly revision: number;
  /** IANA name, such as `Europe/Berlin`. */
  readonly zone: string;
  readonly week: Week | 'always';
  /** Local dates `YYYY-MM-DD`, closed all day, in an `always` calendar too. */
  readonly holidays: readonly string[];
}

const INTERVALS_PER_DAY_MAX = 24;
const HOLIDAYS_MAX = 5_000;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Seconds since midnight of `HH:MM` on an undisturbed clock. */
export const secondOfDay = (time: string): number => Number(time.slice(0, 2)) * 3600 + Number(time.slice(3)) * 60;

/** What keeps a calendar from being saved, one sentence each; empty when it is valid. */
export const calendarFaults = (calendar: Calendar): string[] => [
  ...(isZone(calendar.zone) ? [] : [`zone ${calendar.zone} is unknown`]),
  ...weekFaults(calendar.week),
  ...(calendar.holidays.length > HOLIDAYS_MAX ? [`more than ${HOLIDAYS_MAX} holidays`] : []),
  ...calendar.holidays.filter((date) => !isDate(date)).map((date) => `holiday ${date} is no date`),
];

function weekFaults(week: Calendar['week']): string[] {
  if (week === 'always') return [];
  const faults = WEEKDAYS.flatMap((day) => dayFaults(day, week[day] ?? []));
  const open = WEEKDAYS.some((day) => (week[day] ?? []).length > 0);
  return open ? faults : [...faults, 'no day of the week is open'];
}

function dayFaults(day: Weekday, intervals: readonly OpenTimes[]): string[] {
  if (intervals.length > INTERVALS_PER_DAY_MAX) return [`day ${day} has more than ${INTERVALS_PER_DAY_MAX} intervals`];
  return intervals.flatMap(({ from, to }, place) => {
    const before = intervals[place - 1]?.to ?? '00:00';
    if (!TIME.test(from) || !TIME.test(to)) return [`day ${day}: ${from}–${to} are no times`];
    if (from >= to) return [`day ${day}: ${from} is not before ${to}`];
    return from < before ? [`day ${day}: ${from}–${to} begins before the interval ahead of it ends`] : [];
  });
}

function isDate(text: string): boolean {
  const instant = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 2026-02-30 would be read as 2 March.
  return Number.isFinite(instant) && new Date(instant).toISOString().startsWith(text);
}
