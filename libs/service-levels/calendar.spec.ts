import fc from 'fast-check';
import { DateTime } from 'luxon';
import { businessSeconds, dueAt } from './calendar';
import { type Calendar, calendarFaults, type OpenTimes, type Week, WEEKDAYS } from './calendar-definition';
import { alwaysCalendar, businessHoursCalendar as EU, seededCalendars } from './seeds';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SECOND = 1_000;

/** Local time in a zone as an instant, by another way than the code under test takes. */
const at = (text: string, zone = 'Europe/Berlin'): number => DateTime.fromISO(text, { zone }).toMillis();
const utc = (text: string): number => Date.parse(text);
const days = (times: OpenTimes[], weekdays: readonly (typeof WEEKDAYS)[number][] = WEEKDAYS): Week =>
  Object.fromEntries(weekdays.map((day) => [day, times]));
const calendar = (zone: string, week: Calendar['week'], holidays: string[] = []): Calendar => ({
  id: 'test',
  revision: 1,
  zone,
  week,
  holidays,
});

describe('worked cases', () => {
  it('case 1: a target runs over the weekend', () => {
    expect(dueAt(EU, at('2026-01-30T16:30'), 3_600)).toBe(at('2026-02-02T09:30'));
    expect(dueAt(EU, at('2026-01-30T16:30'), 4 * 3_600)).toBe(at('2026-02-02T12:30'));
  });

  it('case 2: opened and answered while closed', () => {
    expect(dueAt(EU, at('2026-01-30T19:00'), 3_600)).toBe(at('2026-02-02T10:00'));
    expect(businessSeconds(EU, at('2026-01-30T19:00'), at('2026-01-31T11:00'))).toBe(0);
  });

  it('case 3: holidays between, due at the end of a day', () => {
    const shop = calendar('Europe/Berlin', days([{ from: '09:00', to: '21:00' }]), ['2016-11-11', '2016-11-13']);
    expect(dueAt(shop, at('2016-11-09T23:00'), 36 * 3_600)).toBe(at('2016-11-14T21:00'));
    expect(dueAt(shop, at('2016-11-09T23:00'), 48 * 3_600)).toBe(at('2016-11-15T21:00'));
  });

  it('case 4: around the clock across the spring change', () => {
    expect(dueAt(alwaysCalendar, at('2026-03-28T20:00'), 8 * 3_600)).toBe(utc('2026-03-29T03:00Z'));
  });

  it('case 5: around the clock across the autumn change', () => {
    expect(dueAt(alwaysCalendar, at('2026-10-24T20:00'), 8 * 3_600)).toBe(utc('2026-10-25T02:00Z'));
  });

  it('case 6: Sunday 00–06 has 5 hours in spring and 7 in autumn', () => {
    const sundays = calendar('Europe/Berlin', days([{ from: '00:00', to: '06:00' }], [7]));
    expect(businessSeconds(sundays, at('2026-03-29T00:00'), at('2026-03-30T00:00'))).toBe(5 * 3_600);
    expect(businessSeconds(sundays, at('2026-10-25T00:00'), at('2026-10-26T00:00'))).toBe(7 * 3_600);
  });

  it('case 7: the offset of Friday does not hold on Monday', () => {
    expect(dueAt(EU, at('2026-03-27T16:00'), 2 * 3_600)).toBe(utc('2026-03-30T08:00Z'));
  });

  it('case 9: daylight saving of half an hour', () => {
    const lordHowe = { ...alwaysCalendar, zone: 'Australia/Lord_Howe' };
    expect(dueAt(lordHowe, utc('2026-04-04T22:00+11:00'), 6 * 3_600)).toBe(utc('2026-04-05T03:30+10:30'));
  });

  it('case 10: a lunch break', () => {
    const zone = 'America/Sao_Paulo';
    const lunch = calendar(
      zone,
      days([
        { from: '08:00', to: '12:00' },
        { from: '13:30', to: '18:00' },
      ]),
    );
    expect(dueAt(lunch, at('2026-02-02T11:30', zone), 2 * 3_600)).toBe(at('2026-02-02T15:00', zone));
    expect(dueAt(lunch, at('2026-02-02T12:30', zone), 30 * 60)).toBe(at('2026-02-02T14:00', zone));
  });

  it('case 21: a holiday added later gives the next revision another due time', () => {
    const opened = at('2026-04-30T16:00');
    expect(dueAt(EU, opened, 4 * 3_600)).toBe(at('2026-05-01T12:00'));
    const corrected = { ...EU, revision: 2, holidays: ['2026-05-01'] };
    expect(dueAt(corrected, opened, 4 * 3_600)).toBe(at('2026-05-04T12:00'));
  });

  it('case 28: an hour before the due time is an hour of business', () => {
    const long = calendar('Europe/Berlin', days([{ from: '08:00', to: '18:00' }], [1, 2, 3, 4, 5]));
    expect(dueAt(long, at('2026-02-02T17:00'), 4 * 3_600)).toBe(at('2026-02-03T11:00'));
    expect(dueAt(long, at('2026-02-02T17:00'), 3 * 3_600)).toBe(at('2026-02-03T10:00'));
  });

  it('case 33: a calendar without an open day is refused, and far targets are exact', () => {
    expect(calendarFaults(calendar('Europe/Berlin', { 1: [] })).map(({ code }) => code)).toEqual(['NEVER_OPEN']);
    expect(() => dueAt(calendar('Europe/Berlin', {}), 0, 1)).toThrow(RangeError);
    // Ten years of 52 weeks of 40 hours, opened on a Monday morning: due on a Friday at five.
    const opened = at('2026-01-05T09:00');
    expect(dueAt(EU, opened, 520 * 40 * 3_600)).toBe(at('2035-12-21T17:00'));
  });
});

describe('edges', () => {
  it('opens twice when the clock shows the time twice, and not at all when it never shows it', () => {
    const night = calendar('Europe/Berlin', days([{ from: '02:00', to: '02:30' }]));
    const hours = (date: string) => businessSeconds(night, at(`${date}T00:00`), at(`${date}T00:00`) + 25 * HOUR) / 60;
    expect(hours('2026-10-25')).toBe(60);
    expect(hours('2026-03-29')).toBe(0);
    expect(hours('2026-06-10')).toBe(30);
  });

  it('does not count a day that a zone left out', () => {
    const samoa = calendar('Pacific/Apia', 'always', []);
    const from = at('2011-12-29T00:00', samoa.zone);
    expect(businessSeconds(samoa, from, at('2012-01-01T00:00', samoa.zone))).toBe(2 * 86_400);
  });

  it('closes an around-the-clock calendar on its holidays', () => {
    const closed = { ...alwaysCalendar, zone: 'Europe/Berlin', holidays: ['2026-03-29'] };
    expect(businessSeconds(closed, at('2026-03-28T00:00'), at('2026-03-31T00:00'))).toBe(2 * 86_400);
  });

  it('counts 0 backwards, cuts to the second, and is due at once for 0 seconds', () => {
    expect(businessSeconds(alwaysCalendar, 5_000, 4_000)).toBe(0);
    expect(businessSeconds(alwaysCalendar, 1_999, 3_001)).toBe(2);
    expect(dueAt(EU, at('2026-01-31T11:00') + 999, 0)).toBe(at('2026-01-31T11:00'));
  });

  it('refuses what is no instant, no target, or too far away', () => {
    expect(() => businessSeconds(EU, Number.NaN, 1)).toThrow(RangeError);
    expect(() => businessSeconds(EU, 1, Infinity)).toThrow(RangeError);
    expect(() => dueAt(EU, Number.NaN, 1)).toThrow(RangeError);
    expect(() => businessSeconds(EU, utc('1899-12-31T00:00Z'), 0)).toThrow(RangeError);
    for (const target of [-1, 0.5, Number.NaN]) expect(() => dueAt(EU, 0, target)).toThrow(RangeError);
  });

  it('is due never when more than a century would have to pass, so that one calendar that hardly opens stops no fold', () => {
    const minute = calendar('Europe/Berlin', days([{ from: '09:00', to: '09:01' }], [1]));
    expect(dueAt(minute, at('2026-01-05T08:00'), 5_200 * 60)).not.toBeNull();
    expect(dueAt(minute, at('2026-01-05T08:00'), 5_300 * 60)).toBeNull();
    expect(dueAt(EU, 0, 1e12)).toBeNull();
  });

  it('names what is wrong with a calendar', () => {
    const wrong = calendar(
      'Europe/Atlantis',
      {
        1: [
          { from: '9:00', to: '17:00' },
          { from: '18:00', to: '18:00' },
        ],
      },
      ['2026-02-30'],
    );
    expect(calendarFaults(wrong)).toHaveLength(4);
    const overlap = calendar('UTC', {
      2: [
        { from: '09:00', to: '12:00' },
        { from: '11:00', to: '24:00' },
      ],
    });
    expect(calendarFaults(overlap)).toEqual([
      { pointer: '/week/2/1', code: 'INTERVALS_OVERLAP', detail: '11:00–24:00 begins before 12:00' },
    ]);
    for (const seeded of seededCalendars) expect(calendarFaults(seeded)).toEqual([]);
  });
});

// Changes of every kind: an hour, half an hour, two hours, at midnight, a minute past it, a day, a whole different rule.
const CHANGES: [string, string][] = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/St_Johns', '2006-10-29T02:31Z'],
  ['America/St_Johns', '2006-04-02T03:31Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00Z'],
  ['Asia/Kathmandu', '1985-12-31T18:30Z'],
  ['Asia/Kolkata', '2026-01-01T00:00Z'],
];

const anyDay = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 0, maxLength: 6 })
  .map((quarters) => quarters.sort((a, b) => a - b).map(clockTime))
  .map((times) =>
    times.flatMap((from, place) => (place % 2 === 0 && times[place + 1] ? [{ from, to: times[place + 1]! }] : [])),
  );
const anyWeek = fc
  .tuple(...WEEKDAYS.map(() => anyDay))
  .map((week): Week => Object.fromEntries(week.map((times, place) => [place + 1, times])))
  .filter((week) => Object.values(week).some((times) => times.length > 0));
/** A calendar with a change of its zone's offset, and holidays around that. */
const anyCalendar = fc
  .tuple(
    fc.constantFrom(...CHANGES),
    fc.oneof({ weight: 6, arbitrary: anyWeek }, fc.constant('always' as const)),
    fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 2 }),
    fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), anyDay), { maxLength: 2 }),
  )
  .map(([[zone, change], week, nearby, excepted]) => {
    const dateOf = (day: number) => new Date(utc(change) + day * 24 * HOUR).toISOString().slice(0, 10);
    const exceptions = Object.fromEntries(excepted.map(([day, times]) => [dateOf(day), times]));
    return { calendar: { ...calendar(zone, week, nearby.map(dateOf)), exceptions }, change: utc(change) };
  });
const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const within = (milliseconds: number) =>
  fc.integer({ min: -milliseconds / SECOND, max: milliseconds / SECOND }).map((seconds) => seconds * SECOND);

describe('properties', () => {
  it('counts second by second what the wall clock shows, around changes of the offset', () => {
    fc.assert(
      fc.property(
        anyCalendar,
        within(15 * MINUTE),
        fc.integer({ min: 0, max: 600 }),
        ({ calendar, change }, shift, seconds) => {
          const from = change + shift;
          expect(businessSeconds(calendar, from, from + seconds * SECOND)).toBe(
            shownOpen(calendar, from, seconds, SECOND),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('counts minute by minute what the wall clock shows, over days', () => {
    fc.assert(
      fc.property(
        anyCalendar,
        within(48 * HOUR),
        fc.integer({ min: 0, max: 1_500 }),
        ({ calendar, change }, shift, minutes) => {
          const from = change + Math.floor(shift / MINUTE) * MINUTE;
          expect(businessSeconds(calendar, from, from + minutes * MINUTE)).toBe(
            60 * shownOpen(calendar, from, minutes, MINUTE),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('counts minute by minute in every zone, at any time since 1975', () => {
    fc.assert(
      fc.property(
        anyCalendar,
        anyZone,
        fc.integer({ min: utc('1975-01-01T00:00Z') / MINUTE, max: utc('2037-01-01T00:00Z') / MINUTE }),
        fc.integer({ min: 0, max: 400 }),
        ({ calendar }, zone, start, minutes) => {
          const there = { ...calendar, zone };
          const from = start * MINUTE;
          expect(businessSeconds(there, from, from + minutes * MINUTE)).toBe(
            60 * shownOpen(there, from, minutes, MINUTE),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('adds up over any split', () => {
    fc.assert(
      fc.property(
        anyCalendar,
        fc.array(fc.integer({ min: -30 * 86_400_000, max: 900 * 86_400_000 }), { minLength: 3, maxLength: 3 }),
        ({ calendar, change }, shifts) => {
          const [a, b, c] = shifts.sort((x, y) => x - y).map((shift) => change + shift) as [number, number, number];
          expect(businessSeconds(calendar, a, b) + businessSeconds(calendar, b, c)).toBe(
            businessSeconds(calendar, a, c),
          );
        },
      ),
    );
  });

  it('is due at the first second by which the target has passed', () => {
    fc.assert(
      fc.property(
        anyCalendar,
        within(100 * HOUR),
        fc.integer({ min: 1, max: 2_000_000 }),
        ({ calendar, change }, shift, target) => {
          const due = dueAt(calendar, change + shift, target) ?? Infinity;
          expect(businessSeconds(calendar, change + shift, due)).toBe(target);
          expect(businessSeconds(calendar, change + shift, due - SECOND)).toBe(target - 1);
        },
      ),
    );
  });
});

/** How many of the ticks from an instant show an open time on the wall clock: nothing but Intl and string comparison. */
function shownOpen(
  { zone, week, holidays, exceptions = {} }: Calendar,
  from: number,
  ticks: number,
  tick: number,
): number {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  let open = 0;
  for (let count = 0; count < ticks; count++) {
    const [date, time] = clock.format(from + count * tick).split(' ') as [string, string];
    const weekday = (((new Date(`${date}T12:00Z`).getUTCDay() + 6) % 7) + 1) as (typeof WEEKDAYS)[number];
    const intervals = week === 'always' ? [{ from: '00:00', to: '24:00' }] : (week[weekday] ?? []);
    const own = exceptions[date] ?? (holidays.includes(date) ? [] : intervals);
    if (own.some(({ from, to }) => from <= time && time < to)) open++;
  }
  return open;
}

function clockTime(quarters: number): string {
  const pad = (value: number) => `${value}`.padStart(2, '0');
  return `${pad(Math.floor(quarters / 4))}:${pad((quarters % 4) * 15)}`;
}
