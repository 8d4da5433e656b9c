/**
 * The stretches of time during which the clocks of a zone keep one distance from UTC.
 *
 * Guarantee: the spans of a year are in order, touch each other, and meet exactly at the second of each change, be it an
 * hour, half an hour (Lord Howe) or a whole day (Samoa 2011).
 * It rests on the time zone database of the runtime, asked once a day of the year and then by halving: since 1970 no
 * zone has changed twice within a week.
 * Not promised: that a future year stays as it is. Governments change their rules, and then a newer database answers
 * otherwise.
 */
import { IANAZone } from 'luxon';

/** Instants before or after these years are refused: they are slips of the pen. */
export const YEAR_MIN = 1900;
export const YEAR_MAX = 2400;

/** Seconds since 1970 in UTC, from inclusive, to exclusive; local time is UTC plus the offset. */
export interface OffsetSpan {
  readonly from: number;
  readonly to: number;
  readonly offsetSeconds: number;
}

const DAY = 86_400;
const CACHED_YEARS_MAX = 5_000;
const cachedYears = new Map<string, readonly OffsetSpan[]>();

export const isZone = (zone: string): boolean => IANAZone.isValidZone(zone);

/** Spans from the year of an instant onwards, without end. @throws RangeError outside the years 1900 to 2400 */
export function* offsetSpansFrom(zone: string, seconds: number): Generator<OffsetSpan> {
  const first = new Date(seconds * 1000).getUTCFullYear();
  if (!(first >= YEAR_MIN)) throw new RangeError(`instants lie in the years ${YEAR_MIN} to ${YEAR_MAX}`);
  for (let year = first; year <= YEAR_MAX; year++) yield* offsetSpansOf(zone, year);
  throw new RangeError(`instants lie in the years ${YEAR_MIN} to ${YEAR_MAX}`);
}

function offsetSpansOf(zone: string, year: number): readonly OffsetSpan[] {
  const key = `${zone} ${year}`;
  const cached = cachedYears.get(key);
  if (cached) return cached;
  if (cachedYears.size >= CACHED_YEARS_MAX) cachedYears.clear();
  const spans = findSpans(IANAZone.create(zone), startOfYear(year), startOfYear(year + 1));
  cachedYears.set(key, spans);
  return spans;
}

function findSpans(zone: IANAZone, start: number, end: number): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let from = start;
  let offsetSeconds = offsetAt(zone, start);
  for (let probe = start; probe < end; probe += DAY) {
    const next = Math.min(probe + DAY, end);
    if (offsetAt(zone, next) === offsetSeconds) continue;
    const change = findChange(zone, probe, next);
    if (change < end) {
      spans.push({ from, to: change, offsetSeconds });
      from = change;
      offsetSeconds = offsetAt(zone, change);
    }
  }
  return [...spans, { from, to: end, offsetSeconds }];
}

/** The first second with another offset than `before`, by halving. */
function findChange(zone: IANAZone, before: number, after: number): number {
  const offset = offsetAt(zone, before);
  let [same, different] = [before, after];
  while (different - same > 1) {
    const middle = Math.floor((same + different) / 2);
    if (offsetAt(zone, middle) === offset) same = middle;
    else different = middle;
  }
  return different;
}

// Luxon answers in minutes, with a fraction where a zone once had seconds.
const offsetAt = (zone: IANAZone, seconds: number): number => Math.round(zone.offset(seconds * 1000) * 60);

const startOfYear = (year: number): number => Date.UTC(year, 0, 1) / 1000;
