/**
 * Business time: how much of it lies between two instants, and when an amount of it has passed.
 *
 * Guarantee: a second counts exactly when the zone's wall clock, at that second, shows a time inside an interval of a day
 * that is no holiday. So the night of the autumn change has an hour more and that of the spring change one less, and a
 * shop that is open 02:00–02:30 opens twice on the former. Counts are exact integers however far the target lies;
 * counting is additive over any split.
 *
 * It rests on cutting time at the zone's offset changes: between two of them local time is UTC plus a constant, and an
 * amount is a difference of two running totals. No offset is ever carried across a change.
 *
 * Instants are milliseconds since 1970 in UTC and are cut to the second.
 */
import type { Calendar } from './calendar-definition';
import { openingHours, type OpeningHours } from './opening-hours';
import { offsetSpansFrom } from './zone-offsets';

/** A target this far away is a slip of the pen, of those that a calendar and a policy make together. */
const DUE_YEARS_MAX = 100;
const DUE_SECONDS_MAX = DUE_YEARS_MAX * 366 * 86_400;

const hoursOfCalendars = new WeakMap<Calendar, OpeningHours>();

/**
 * Business seconds between two instants.
 * @param from inclusive @param to exclusive, both epoch milliseconds
 * @returns ≥ 0; 0 when `to` is not after `from`
 * @throws RangeError when the calendar is not valid or an instant lies outside the years 1900 to 2400
 */
export const businessSeconds = (calendar: Calendar, from: number, to: number): number => {
  const [start, end] = [wholeSeconds(from), wholeSeconds(to)];
  if (end <= start) return 0;
  const hours = hoursOf(calendar);
  let open = 0;
  for (const span of offsetSpansFrom(calendar.zone, start)) {
    if (span.to <= start) continue;
    const [first, last] = [Math.max(start, span.from), Math.min(end, span.to)];
    open += hours.countUntil(last + span.offsetSeconds) - hours.countUntil(first + span.offsetSeconds);
    if (end <= span.to) break;
  }
  return open;
};

/**
 * The earliest instant at which an amount of business time has passed since a start: 17:00 on Friday rather than 09:00
 * on Monday when both are true. With 0 seconds it is the start, even outside business hours.
 * @param start epoch milliseconds @param targetSeconds whole business seconds, ≥ 0
 * @returns epoch milliseconds, a whole second; null when it is more than a century away, as good as never
 * @throws RangeError when the calendar or the target is not valid, or the start lies outside the years 1900 to 2299
 */
export const dueAt = (calendar: Calendar, start: number, targetSeconds: number): number | null => {
  if (!Number.isSafeInteger(targetSeconds) || targetSeconds < 0)
    throw new RangeError('a target is a whole number of seconds from 0');
  const first = wholeSeconds(start);
  if (targetSeconds === 0) return first * 1000;
  const hours = hoursOf(calendar);
  let remaining = targetSeconds;
  for (const span of offsetSpansFrom(calendar.zone, first)) {
    if (span.to <= first) continue;
    if (span.from - first > DUE_SECONDS_MAX) return null;
    const local = Math.max(first, span.from) + span.offsetSeconds;
    const before = hours.countUntil(local);
    const open = hours.countUntil(span.to + span.offsetSeconds) - before;
    if (open >= remaining) {
      const reached = earliestReaching(hours, before + remaining, local, span.to + span.offsetSeconds);
      return (reached - span.offsetSeconds) * 1000;
    }
    remaining -= open;
  }
  return null;
};

/** The first local second up to which `count` open seconds have passed, known to lie after `low` and not after `high`. */
function earliestReaching(hours: OpeningHours, count: number, low: number, high: number): number {
  let [below, reached] = [low, high];
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2);
    if (hours.countUntil(middle) < count) below = middle;
    else reached = middle;
  }
  return reached;
}

function hoursOf(calendar: Calendar): OpeningHours {
  const known = hoursOfCalendars.get(calendar);
  if (known) return known;
  const hours = openingHours(calendar);
  hoursOfCalendars.set(calendar, hours);
  return hours;
}

function wholeSeconds(milliseconds: number): number {
  if (!Number.isFinite(milliseconds)) throw new RangeError(`${milliseconds} is no instant`);
  return Math.floor(milliseconds / 1000);
}
