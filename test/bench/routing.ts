import { distribute, Member, Waiting } from '../../libs/requests/processes/distribute-work/distribute';

/** How fast it is decided who gets what: a desk of 50 with skills and weights, and as much waiting as one pass looks at. */
const people = 50;
const waiting = 2_000;
const rounds = 10;

export const measureDistribution = (): number => {
  const members = Array.from({ length: people }, (_, index): Member => ({
    ...{ staff: String(index).padStart(3, '0'), isAvailable: true, isOnShift: true, load: 0, turn: null },
    ...{ skills: index % 2 ? ['printers'] : ['printers', 'networks'], capacity: waiting },
  }));
  const requests = Array.from({ length: waiting }, (_, index): Waiting => ({
    ...{ number: String(index), weight: 1 + (index % 3), skills: index % 4 ? ['printers'] : ['networks'] },
  }));
  const began = performance.now();
  let decided = 0;
  for (let round = 0; round < rounds; round++)
    decided += distribute({ strategy: 'least-loaded', members }, requests).length;
  return (1_000 * decided) / (performance.now() - began);
};
