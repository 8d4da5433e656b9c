import { type Fault, fault } from './fault';

// Three megabytes of rules, wanted when a calendar is saved and at no other time.
const rules = async () => (await import('date-holidays')).default;

/** Which holidays of which years a calendar is to have; what comes of it are plain dates, which no later release changes. */
export interface PublicHolidays {
  /** ISO 3166-1, such as `IT`; `state` and `region` as date-holidays names them. */
  readonly country: string;
  readonly state?: string | undefined;
  readonly region?: string | undefined;
  readonly yearFirst: number;
  readonly yearLast: number;
}

const yearsMax = 60;

/** What keeps these from being found; empty when nothing does. */
export const publicHolidayFaults = async ({
  country,
  state,
  region,
  yearFirst,
  yearLast,
}: PublicHolidays): Promise<readonly Fault[]> => {
  const all = new (await rules())();
  const has = (known: object | undefined, name: string | undefined): boolean =>
    name === undefined || (known !== undefined && Object.hasOwn(known, name));
  const knows = has(all.getCountries(), country);
  return [
    ...(knows ? [] : [fault('/country', 'UNKNOWN_COUNTRY', `no holidays of ${country} are known`)]),
    ...(!knows || has(all.getStates(country), state) ? [] : [fault('/state', 'UNKNOWN_STATE', `${state} is unknown`)]),
    ...(!knows || region === undefined || (state !== undefined && has(all.getRegions(country, state), region))
      ? []
      : [fault('/region', 'UNKNOWN_REGION', `${region} is unknown`)]),
    ...(yearFirst <= yearLast && yearLast - yearFirst < yearsMax
      ? []
      : [fault('/yearLast', 'YEARS', `there are 1 to ${yearsMax} years from the first to the last`)]),
  ];
};

/** Local dates on which public offices are closed, in order. */
export const publicHolidays = async ({
  country,
  state,
  region,
  yearFirst,
  yearLast,
}: PublicHolidays): Promise<readonly string[]> => {
  const calendar = new (await rules())();
  if (state !== undefined && region !== undefined) calendar.init(country, state, region);
  else if (state !== undefined) calendar.init(country, state);
  else calendar.init(country);
  const years = Array.from({ length: yearLast - yearFirst + 1 }, (_, place) => yearFirst + place);
  const dates = years.flatMap((year) =>
    calendar
      .getHolidays(year)
      .filter(({ type }) => type === 'public')
      .map(({ date }) => date.slice(0, 10)),
  );
  return [...new Set(dates)].sort();
};
