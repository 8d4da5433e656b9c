import fc from 'fast-check';
import { DateTime } from 'luxon';
import { instantReader } from './instants';

const rome = instantReader({ format: 'yyyy/MM/dd HH:mm:ss.SSS', zone: 'Europe/Rome' });
const written = instantReader({ format: 'yyyy-MM-dd HH:mm:ssZZ', zone: 'as written' });
const iso = (at: number | undefined): string => (at === undefined ? 'unreadable' : new Date(at).toISOString());

describe('an instant of a log', () => {
  it.each([
    ['2012/07/01 12:00:00.000', '2012-07-01T10:00:00.000Z', null],
    ['2012/12/01 12:00:00.250', '2012-12-01T11:00:00.250Z', null],
    ['2012/10/28 02:30:00.000', '2012-10-28T00:30:00.000Z', 'time-ambiguous'],
    ['2012/03/25 02:30:00.000', '2012-03-25T01:30:00.000Z', 'time-nonexistent'],
    ['2012/01/01 00:10:00.000', '2011-12-31T23:10:00.000Z', null],
  ])('%s in Rome is %s', (text, expected, flag) => {
    expect([iso(rome(text)?.at), rome(text)?.flag]).toEqual([expected, flag]);
  });

  it('is read with the offset it was written with', () => {
    expect(iso(written('2006-01-11 15:49:42+05:30')?.at)).toBe('2006-01-11T10:19:42.000Z');
  });

  it.each(['2012/02/30 12:00:00.000', '2012/07/01 24:00:00.000', '2012/07/01 12:00', '12/07/2012 12:00:00.000', ''])(
    'is not made up from %p',
    (text) => expect(rome(text)).toBeUndefined(),
  );

  it('agrees with Luxon on every minute that a zone has once', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2035, 0, 1) }),
        fc.constantFrom('Europe/Rome', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Pacific/Apia'),
        (instant, zone) => {
          const local = DateTime.fromMillis(Math.floor(instant / 60_000) * 60_000, { zone });
          const read = instantReader({ format: 'yyyy-MM-dd HH:mm', zone })(local.toFormat('yyyy-MM-dd HH:mm'));
          if (read?.flag === null) expect(read.at).toBe(local.toMillis());
          else expect(read?.flag).toBe('time-ambiguous');
        },
      ),
    ));

  it('needs a zone that is one, and none beside an offset', () => {
    expect(() => instantReader({ format: 'yyyy-MM-dd', zone: 'Europe/Rom' })).toThrow(/zone/);
    expect(() => instantReader({ format: 'yyyy-MM-dd ZZ', zone: 'UTC' })).toThrow(/as written/);
    expect(() => instantReader({ format: 'D MMMM', zone: 'UTC' })).toThrow(/format/);
  });
});
