import fc from 'fast-check';
import { DateTime } from 'luxon';
import { instantReader } from './instants';

const rome = instantReader({ formats: ['yyyy/MM/dd HH:mm:ss.SSS'], zone: 'Europe/Rome' });
const written = instantReader({ formats: ['yyyy-MM-dd HH:mm:ssZZ'], zone: 'as written' });
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

  it.each([
    ['MM/dd/yyyy hh:mm:ss a', '12/10/2023 12:05:09 AM', '2023-12-10T00:05:09.000Z'],
    ['MM/dd/yyyy hh:mm:ss a', '12/10/2023 12:05:09 pm', '2023-12-10T12:05:09.000Z'],
    ['M/d/yyyy h:mm a', '1/9/2023 1:05 PM', '2023-01-09T13:05:00.000Z'],
    ['dd-MMM-yyyy H:mm', '29-Feb-2016 7:16', '2016-02-29T07:16:00.000Z'],
    ['yyyy-MM-dd HH:mm:ss.S', '2016-02-29 07:16:00.123456789', '2016-02-29T07:16:00.123Z'],
    ['yyyy-MM-dd HH:mm:ss.S', '2016-02-29 07:16:00.5', '2016-02-29T07:16:00.500Z'],
    ['MM/dd/yyyy hh:mm a', '12/10/2023 13:05 PM', 'unreadable'],
    ['MM/dd/yyyy hh:mm a', '12/10/2023 00:05 AM', 'unreadable'],
    ['dd-MMM-yyyy', '30-FEB-2016', 'unreadable'],
    ['yyyy-MM-dd HH:mm', '1899-12-31 23:59', 'unreadable'],
    ['yyyy-MM-dd HH:mm', '1900-01-02 00:00', '1900-01-02T00:00:00.000Z'],
    ['yyyy-MM-dd HH:mm', '2200-01-01 00:00', 'unreadable'],
    ['yyyy-MM-dd HH:mm', '9999-12-31 23:59', 'unreadable'],
  ])('in the form %s: %s is %s', (format, text, expected) => {
    expect(iso(instantReader({ formats: [format], zone: 'UTC' })(text)?.at)).toBe(expected);
  });

  it('is of our years where it happened, whatever its offset', () => {
    expect(iso(written('1900-01-01 00:00:00+01:00')?.at)).toBe('unreadable');
    expect(iso(written('2199-12-31 23:59:59-01:00')?.at)).toBe('unreadable');
    expect(iso(written('1899-12-31 23:59:59-0100')?.at)).toBe('1900-01-01T00:59:59.000Z');
  });

  it('may be written in several forms, the first of which counts', () => {
    const read = instantReader({ formats: ['yyyy-MM-dd HH:mm:ss.SZZ', 'yyyy-MM-dd HH:mm:ssZZ'], zone: 'as written' });
    expect(iso(read('2012-10-09 14:50:17.123000+00:00')?.at)).toBe('2012-10-09T14:50:17.123Z');
    expect(iso(read('2012-10-09 14:50:17+00:00')?.at)).toBe('2012-10-09T14:50:17.000Z');
    expect(() => instantReader({ formats: ['yyyy-MM-dd', 'yyyy-MM'], zone: 'UTC' })).toThrow(/\/time\/format\/1 /);
    expect(() => instantReader({ formats: ['MM/dd/yyyy hh:mm'], zone: 'UTC' })).toThrow(/AM or PM/);
    expect(() => instantReader({ formats: ['MM/dd/yyyy HH:mm a'], zone: 'UTC' })).toThrow(/AM or PM/);
  });

  it('agrees with Luxon on every minute that a zone has once', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2035, 0, 1) }),
        fc.constantFrom('Europe/Rome', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Pacific/Apia'),
        (instant, zone) => {
          const local = DateTime.fromMillis(Math.floor(instant / 60_000) * 60_000, { zone });
          const read = instantReader({ formats: ['yyyy-MM-dd HH:mm'], zone })(local.toFormat('yyyy-MM-dd HH:mm'));
          if (read?.flag === null) expect(read.at).toBe(local.toMillis());
          else expect(read?.flag).toBe('time-ambiguous');
        },
      ),
    ));

  it('needs a zone that is one, and none beside an offset', () => {
    expect(() => instantReader({ formats: ['yyyy-MM-dd'], zone: 'Europe/Rom' })).toThrow(/zone/);
    expect(() => instantReader({ formats: ['yyyy-MM-dd ZZ'], zone: 'UTC' })).toThrow(/as written/);
    expect(() => instantReader({ formats: ['D MMMM'], zone: 'UTC' })).toThrow(/format/);
  });
});
