import { parseInstant } from './instant';

it.each([
  ['2026-03-31T09:00:00+02:00', '2026-03-31T07:00:00.000Z'],
  ['1900-01-01T00:00:00-05:00', '1900-01-01T05:00:00.000Z'],
  ['1900-01-01T00:00:00+05:00', null],
  ['2199-12-31T23:00:00-05:00', null],
  ['1850-01-01T00:00:00Z', null],
  ['2026-02-30T00:00:00Z', null],
])('takes %s for %s: an offset may lead out of the years that calendars count', (text, expected) => {
  expect(parseInstant(text)).toBe(expected);
});
