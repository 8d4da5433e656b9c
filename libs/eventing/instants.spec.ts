import { isInstant } from './instants';

const two = (number: number): string => String(number).padStart(2, '0');

it('knows the days that there are, of every month and every kind of year', () => {
  const days = [1900, 2000, 2023, 2024].flatMap((year) =>
    Array.from({ length: 14 * 33 }, (_, index) => `${year}-${two(Math.floor(index / 33))}-${two(index % 33)}`),
  );
  const instants = days.map((day) => `${day}T23:59:59.999Z`);
  const known = instants.filter((instant) => {
    const at = new Date(instant);
    return !Number.isNaN(at.getTime()) && at.toJSON() === instant;
  });
  expect(known).toHaveLength(365 + 366 + 365 + 366);
  expect(instants.filter(isInstant)).toEqual(known);
});

it('knows them only as they are written here', () => {
  const others = [
    '2024-02-29',
    '2024-02-29T12:00:00Z',
    '2024-02-29T12:00:00.000+00:00',
    '2024-02-29T24:00:00.000Z',
    '',
  ];
  expect([...others, null, 0, new Date(0)].filter(isInstant)).toEqual([]);
});
