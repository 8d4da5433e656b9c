/**
 * Reads the instants of a log.
 *
 * Guarantee: a text is read whole and to the letter or not at all, and a local time is resolved in the zone that the mapping names,
 * never in that of the machine. In the hour that an autumn night has twice the earlier instant is taken, a time that a spring night
 * skips is moved past the gap; both are said.
 */
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

const fields: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  dd: '(?<day>\\d{2})',
  HH: '(?<hour>\\d{2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  SSS: '(?<millisecond>\\d{3})',
  ZZ: '(?<offset>Z|[+-]\\d{2}:\\d{2})',
};
const token = /yyyy|MM|dd|HH|mm|ss|SSS|ZZ|[\s\S]/g;
const required = ['yyyy', 'MM', 'dd'];

const patternOf = (format: string): RegExp => {
  const tokens: readonly string[] = format.match(token) ?? [];
  for (const name of required)
    if (!tokens.includes(name)) throw new MappingError('/time/format', `must have ${required.join(', ')}`);
  if (new Set(tokens.filter((each) => each in fields)).size < tokens.filter((each) => each in fields).length)
    throw new MappingError('/time/format', 'must have each part once');
  if (tokens.some((each) => !(each in fields) && /[A-Za-z]/.test(each) && each !== 'T'))
    throw new MappingError('/time/format', `knows ${Object.keys(fields).join(' ')} and the letter T`);
  const parts = tokens.map((each) => fields[each] ?? each.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return new RegExp(`^${parts.join('')}$`);
};

type Groups = Readonly<Record<string, string | undefined>>;

/** The wall clock as if it were UTC; undefined for a thirtieth of February. */
const wallClock = (groups: Groups): number | undefined => {
  const part = (name: string): number => Number(groups[name] ?? 0);
  const [year, month, day, hour, minute] = [part('year'), part('month'), part('day'), part('hour'), part('minute')];
  const [second, millisecond] = [part('second'), part('millisecond')];
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
  if (offset === 'Z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(4, 6))];
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

/** @throws MappingError for a format or a zone that cannot be */
export const instantReader = ({ format, zone }: TimeRule): InstantReader => {
  const pattern = patternOf(format);
  const hasOffset = format.includes('ZZ');
  if (hasOffset !== (zone === asWritten))
    throw new MappingError('/time/zone', `must be "${asWritten}" when the format has an offset (ZZ), and only then`);
  if (!hasOffset && !isZone(zone)) throw new MappingError('/time/zone', 'must be a zone such as Europe/Rome or UTC');
  return (text) => {
    const groups = pattern.exec(text)?.groups;
    const wall = groups && wallClock(groups);
    if (!groups || wall === undefined) return undefined;
    if (!hasOffset) return inZone(zone, wall);
    const offset = offsetMilliseconds(groups['offset'] ?? '');
    return offset === undefined ? undefined : { at: wall - offset, flag: null };
  };
};
