/**
 * Reads the instants of a log.
 *
 * Guarantee: a text is read whole and to the letter or not at all, and a local time is resolved in the zone that the mapping names,
 * never in that of the machine. In the hour that an autumn night has twice the earlier instant is taken, a time that a spring night
 * skips is moved past the gap; both are said. What lies outside the years 1900 to 2199 is a slip of the pen and is not read.
 */
import { isOfOurTime } from '../../eventing/instants';
import { isZone, offsetSpansFrom } from '../../service-levels/zone-offsets';
import { MappingError, TimeRule } from './mapping';

export interface ReadInstant {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly flag: 'time-ambiguous' | 'time-nonexistent' | null;
}

/** @returns undefined for a text that is no instant in this form */
export type InstantReader = (text: string) => ReadInstant | undefined;

const asWritten = 'as written';
const daySeconds = 86_400;

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

interface Field {
  readonly part: 'year' | 'month' | 'day' | 'hour' | 'half' | 'minute' | 'second' | 'fraction' | 'offset';
  readonly pattern: string;
}

const fields: Readonly<Record<string, Field>> = {
  yyyy: { part: 'year', pattern: '\\d{4}' },
  MMM: { part: 'month', pattern: monthNames.join('|') },
  MM: { part: 'month', pattern: '\\d{2}' },
  M: { part: 'month', pattern: '\\d{1,2}' },
  dd: { part: 'day', pattern: '\\d{2}' },
  d: { part: 'day', pattern: '\\d{1,2}' },
  HH: { part: 'hour', pattern: '\\d{2}' },
  H: { part: 'hour', pattern: '\\d{1,2}' },
  hh: { part: 'hour', pattern: '0[1-9]|1[0-2]' },
  h: { part: 'hour', pattern: '0?[1-9]|1[0-2]' },
  a: { part: 'half', pattern: 'AM|PM' },
  mm: { part: 'minute', pattern: '\\d{2}' },
  ss: { part: 'second', pattern: '\\d{2}' },
  SSS: { part: 'fraction', pattern: '\\d{3}' },
  S: { part: 'fraction', pattern: '\\d{1,9}' },
  ZZ: { part: 'offset', pattern: 'Z|[+-]\\d{2}:?\\d{2}' },
};
const token = /yyyy|MMM|MM|M|dd|d|HH|H|hh|h|a|mm|ss|SSS|S|ZZ|[\s\S]/g;
const required = ['year', 'month', 'day'] as const;

const patternOf = (format: string, pointer: string): RegExp => {
  const tokens: readonly string[] = format.match(token) ?? [];
  const parts = tokens.flatMap((each) => fields[each]?.part ?? []);
  if (required.some((part) => !parts.includes(part)))
    throw new MappingError(pointer, 'must have yyyy, a month (MM, M or MMM) and a day (dd or d)');
  if (new Set(parts).size < parts.length) throw new MappingError(pointer, 'must have each part once');
  if (parts.includes('half') !== tokens.some((each) => each === 'hh' || each === 'h'))
    throw new MappingError(pointer, 'must have a (AM or PM) with hh or h, and only then');
  if (tokens.some((each) => !(each in fields) && /[A-Za-z]/.test(each) && each !== 'T'))
    throw new MappingError(pointer, `knows ${Object.keys(fields).join(' ')} and the letter T`);
  const patterns = tokens.map((each) => {
    const field = fields[each];
    return field ? `(?<${field.part}>${field.pattern})` : each.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  });
  return new RegExp(`^${patterns.join('')}$`, 'i');
};

type Groups = Readonly<Record<string, string | undefined>>;

/** From 0 to 23, also where the day has twelve of them twice. */
const hourOf = ({ hour, half }: Groups): number =>
  half === undefined ? Number(hour ?? 0) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);

const monthOf = ({ month = '' }: Groups): number => monthNames.indexOf(month.toLowerCase()) + 1 || Number(month);

/** The wall clock as if it were UTC; undefined for a thirtieth of February. */
const wallClock = (groups: Groups): number | undefined => {
  const part = (name: string): number => Number(groups[name] ?? 0);
  const [year, month, day, hour, minute] = [part('year'), monthOf(groups), part('day'), hourOf(groups), part('minute')];
  const second = part('second');
  const millisecond = Number((groups['fraction'] ?? '').padEnd(3, '0').slice(0, 3));
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(hour, minute, second, millisecond);
  const same =
    at.getUTCFullYear() === year &&
    at.getUTCMonth() === month - 1 &&
    at.getUTCDate() === day &&
    at.getUTCHours() === hour &&
    at.getUTCMinutes() === minute &&
    at.getUTCSeconds() === second;
  return same ? at.getTime() : undefined;
};

const offsetMilliseconds = (offset: string): number | undefined => {
  if (offset.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  if (hours > 18 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};

const inZone = (zone: string, wall: number): ReadInstant | undefined => {
  const wallSeconds = Math.floor(wall / 1000);
  let before = 0;
  const candidates: number[] = [];
  try {
    for (const { from, to, offsetSeconds } of offsetSpansFrom(zone, wallSeconds - daySeconds)) {
      const seconds = wallSeconds - offsetSeconds;
      if (from > wallSeconds + daySeconds) break;
      if (seconds >= from && seconds < to) candidates.push(wall - offsetSeconds * 1000);
      if (seconds >= to) before = offsetSeconds;
    }
  } catch (error) {
    // Years that no log is from.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const [first, second] = [...new Set(candidates)].sort((one, other) => one - other);
  if (first === undefined) return { at: wall - before * 1000, flag: 'time-nonexistent' };
  return { at: first, flag: second === undefined ? null : 'time-ambiguous' };
};

const ofFormat = (format: string, pointer: string, zone: string): InstantReader => {
  const pattern = patternOf(format, pointer);
  const hasOffset = format.includes('ZZ');
  if (hasOffset !== (zone === asWritten))
    throw new MappingError('/time/zone', `must be "${asWritten}" when the format has an offset (ZZ), and only then`);
  return (text) => {
    const groups = pattern.exec(text)?.groups;
    const wall = groups && wallClock(groups);
    if (!groups || wall === undefined) return undefined;
    if (!hasOffset) return inZone(zone, wall);
    const offset = offsetMilliseconds(groups['offset'] ?? '');
    return offset === undefined ? undefined : { at: wall - offset, flag: null };
  };
};

/** @throws MappingError for a format or a zone that cannot be */
export const instantReader = ({ formats, zone }: TimeRule): InstantReader => {
  const readers = formats.map((format, place) =>
    ofFormat(format, formats.length > 1 ? `/time/format/${place}` : '/time/format', zone),
  );
  if (zone !== asWritten && !isZone(zone))
    throw new MappingError('/time/zone', 'must be a zone such as Europe/Rome or UTC');
  return (text) => {
    for (const reader of readers) {
      const instant = reader(text);
      if (instant && isOfOurTime(new Date(instant.at).toISOString())) return instant;
    }
    return undefined;
  };
};
