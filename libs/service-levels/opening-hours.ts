/**
 * A calendar's week and holidays on an undisturbed local clock, where every day has 24 hours.
 *
 * Local seconds count from 1970-01-01 00:00 on that clock, a Thursday. Daylight saving time is none of its business:
 * `calendar.ts` moves between this clock and UTC.
 */
import { type Calendar, calendarFaults, secondOfDay, WEEKDAYS } from './calendar-definition';

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
  if (faults.length > 0) throw new RangeError(`calendar ${calendar.id}: ${faults.join('; ')}`);
  const days = WEEKDAYS.map((day) => intervalsOf(calendar, day));
  const openInDay = days.map((intervals) => openUntil(intervals, DAY));
  const openBeforeDay = runningTotals(openInDay);
  const openInWeek = openBeforeDay[WEEK_DAYS]!;
  const holidays = [...new Set(calendar.holidays)].map(dayNumber).sort((a, b) => a - b);
  const lostBefore = runningTotals(holidays.map((day) => openInDay[weekdayOf(day)]!));

  const countUntil = (local: number): number => {
    const day = Math.floor(local / DAY);
    const weekday = weekdayOf(day);
    const weeks = Math.floor((day + DAYS_SINCE_MONDAY) / WEEK_DAYS);
    const passed = countBelow(holidays, day);
    const today = holidays[passed] === day ? 0 : openUntil(days[weekday]!, local - day * DAY);
    return weeks * openInWeek + openBeforeDay[weekday]! + today - lostBefore[passed]!;
  };
  return { countUntil };
};

function intervalsOf({ week }: Calendar, day: (typeof WEEKDAYS)[number]): OpenInterval[] {
  if (week === 'always') return [{ from: 0, to: DAY }];
  return (week[day] ?? []).map(({ from, to }) => ({ from: secondOfDay(from), to: secondOfDay(to) }));
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
