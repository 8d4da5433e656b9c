import { icalHolidays } from './ical-holidays';
import { publicHolidayFaults, publicHolidays } from './public-holidays';

const ical = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//', ...lines, 'END:VCALENDAR'].join('\r\n');
const event = (...lines: string[]): string[] => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'];
const datesIn = (text: string): readonly string[] | string => {
  const found = icalHolidays(text, 2028);
  return 'dates' in found ? found.dates : found.faults.map(({ code }) => code).join();
};

describe('public holidays', () => {
  it('are those of the country, moveable feasts among them', async () => {
    const italy = await publicHolidays({ country: 'IT', yearFirst: 2012, yearLast: 2012 });
    // Easter Monday of 2012, Liberation Day, Ferragosto.
    expect(italy).toEqual(
      expect.arrayContaining(['2012-01-01', '2012-04-09', '2012-04-25', '2012-08-15', '2012-12-26']),
    );
    expect(italy).not.toContain('2012-07-04');
  });

  it('differ between states', async () => {
    const days = (state: string) => publicHolidays({ country: 'DE', state, yearFirst: 2026, yearLast: 2026 });
    expect(await days('BY')).toContain('2026-01-06');
    expect(await days('BE')).not.toContain('2026-01-06');
  });

  it('are refused where none are known', async () => {
    const faults = async (country: string, state?: string, region?: string) =>
      (await publicHolidayFaults({ country, state, region, yearFirst: 2026, yearLast: 2026 })).map(
        ({ pointer }) => pointer,
      );
    expect(await faults('DE', 'BY')).toEqual([]);
    expect(await faults('ATLANTIS')).toEqual(['/country']);
    expect(await faults('DE', 'XX')).toEqual(['/state']);
    expect(await faults('DE', undefined, 'A')).toEqual(['/region']);
    expect(await publicHolidayFaults({ country: 'DE', yearFirst: 2027, yearLast: 2026 })).toHaveLength(1);
  });
});

describe('holidays from iCalendar', () => {
  it('are all days of all-day events, the end exclusive', () =>
    expect(datesIn(ical(...event('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227')))).toEqual([
      '2026-12-24',
      '2026-12-25',
      '2026-12-26',
    ]));
  it('repeat, but for what is excepted', () =>
    expect(
      datesIn(ical(...event('DTSTART;VALUE=DATE:20260501', 'RRULE:FREQ=YEARLY', 'EXDATE;VALUE=DATE:20270501'))),
    ).toEqual(['2026-05-01', '2028-05-01']));
  it('are no meetings', () => {
    const meeting = event('DTSTART:20260501T090000Z', 'DTEND:20260501T100000Z');
    expect(datesIn(ical(...meeting, ...event('DTSTART;VALUE=DATE:20260502')))).toEqual(['2026-05-02']);
    expect(datesIn(ical(...meeting))).toBe('NO_ALL_DAY_EVENT');
  });
  it.each(['', 'BEGIN:VCALENDAR', '{"a":1}', ical('BEGIN:VEVENT')])('are not in %j', (text) =>
    expect(datesIn(text)).toMatch(/^(NOT_ICALENDAR|NO_ALL_DAY_EVENT)$/),
  );
});
