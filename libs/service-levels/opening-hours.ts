/**
 * A calendar's week, holidays and exceptions on an undisturbed local clock, where every day has 24 hours.
 *
 * Local seconds count from 1970-01-01 00:00 on that clock, a Thursday. Daylight saving time is none of its business:
 * `calendar.ts` moves between this clock and UTC.
 */
import { type Calendar, calendarFaults, type OpenTimes, secondOfDay, WEEKDAYS } from './calendar-definition';

const DAY = 86_400;
const WEEK_DAYS = 7;
/** 1970-01-01 was three days after a Monday. */
const DAYS_SINCE_MONDAY = 3;

export interface OpeningHours {
  /** Open seconds from some instant for ever the same until a local second: only differences mean anything. */
  countUntil(local: number): number;
}

interface OpenInterval {
  readonly from: number;
  readonly to: number;
}

/** @throws RangeError when the calendar is not valid, which saving it must have prevented */
export const openingHours = (calendar: Calendar): OpeningHours => {
  const faults = calendarFaults(calendar);
  if (faults.length > 0)
    throw new RangeError(
      `calendar ${calendar.id}: ${faults.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ')}`,
    );
  const days = WEEKDAYS.map((day) => intervalsOf(calendar, day));
  const openInDay = days.map((intervals) => openUntil(intervals, DAY));
  const openBeforeDay = runningTotals(openInDay);
  const openInWeek = openBeforeDay[WEEK_DAYS]!;
  const special = specialDays(calendar);
  const dates = special.map(({ day }) => day);
  const gainedBefore = runningTotals(
    special.map(({ day, intervals }) => openUntil(intervals, DAY) - openInDay[weekdayOf(day)]!),
  );

  const countUntil = (local: number): number => {
    const day = Math.floor(local / DAY);
    const weekday = weekdayOf(day);
    const weeks = Math.floor((day + DAYS_SINCE_MONDAY) / WEEK_DAYS);
    const passed = countBelow(dates, day);
    const today = dates[passed] === day ? special[passed]!.intervals : days[weekday]!;
    return weeks * openInWeek + openBeforeDay[weekday]! + openUntil(today, local - day * DAY) + gainedBefore[passed]!;
  };
  return { countUntil };
};

function intervalsOf({ week }: Calendar, day: (typeof WEEKDAYS)[number]): OpenInterval[] {
  if (week === 'always') return [{ from: 0, to: DAY }];
  return inSeconds(week[day] ?? []);
}

const inSeconds = (times: readonly OpenTimes[]): OpenInterval[] =>
  times.map(({ from, to }) => ({ from: secondOfDay(from), to: secondOfDay(to) }));

interface SpecialDay {
  readonly day: number;
  readonly intervals: readonly OpenInterval[];
}

/** Holidays and exceptions in the order of their dates; what an exception says of a holiday holds. */
function specialDays({ holidays, exceptions = {} }: Calendar): SpecialDay[] {
  const days = new Map<number, readonly OpenInterval[]>(holidays.map((date) => [dayNumber(date), []]));
  for (const [date, times] of Object.entries(exceptions)) days.set(dayNumber(date), inSeconds(times));
  return [...days].map(([day, intervals]) => ({ day, intervals })).sort((one, other) => one.day - other.day);
}

function openUntil(intervals: readonly OpenInterval[], second: number): number {
  let open = 0;
  for (const { from, to } of intervals) if (second > from) open += Math.min(second, to) - from;
  return open;
}

/** 0 is Monday. */
const weekdayOf = (day: number): number => (((day + DAYS_SINCE_MONDAY) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS;

const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / (DAY * 1000);

function runningTotals(values: readonly number[]): number[] {
  const totals = [0];
  for (const value of values) totals.push(totals[totals.length - 1]! + value);
  return totals;
}

/** How many of the sorted values are below a bound, by halving. */
function countBelow(sorted: readonly number[], bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
