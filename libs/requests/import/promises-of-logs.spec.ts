import { parse } from 'csv-parse/sync';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { Recorded } from '../../eventing/event';
import { recorded } from '../../eventing/testing/specification';
import { evolveBook, initialBook } from '../../service-levels/book';
import { BookEvent } from '../../service-levels/events';
import { judgeClocks } from '../../service-levels/clocks';
import { knownTerms } from '../../service-levels/known-terms';
import { PolicyBody, PRIORITIES } from '../../service-levels/policy';
import { publicHolidays } from '../../service-levels/public-holidays';
import { resolution } from '../../service-levels/seeds';
import { requestCategory, RequestEvent } from '../events';
import { nameHistory } from '../naming';
import { serviceLevelsProjection } from '../read-models/service-levels/service-levels.projection';
import { rebuilt } from '../read-models/testing/timeline';
import { loadMapping } from './mapping-file.adapter';
import { mapLog } from './testing/mapped';

/**
 * What an Italian help desk would have been promised, by a calendar of its own, judged twice: through naming and folding, and by
 * days of the wall calendar from the rows of the file alone. The log lies beside the checkout, or where CASEFOLD_DATASETS says.
 */
const folder = process.env['CASEFOLD_DATASETS'] ?? join(__dirname, '..', '..', '..', '..', 'shared', 'datasets');
const file = join(folder, 'italian-helpdesk.csv');
const zone = 'Europe/Rome';
const takeInChargeSeconds = 8 * 3_600;
const resolutionSeconds = 10 * 8 * 3_600;
const hours = [
  { from: '09:00', to: '13:00' },
  { from: '14:00', to: '18:00' },
];

const policy: PolicyBody = {
  match: {},
  clocks: [
    {
      ...{
        ...resolution,
        metric: 'take-in-charge',
        stop: ['assigned', 'resolved', 'closed'],
        pause: [],
        reopens: false,
      },
      targets: Object.fromEntries(
        PRIORITIES.map((each) => [each, { calendar: 'italy', targetSeconds: takeInChargeSeconds }]),
      ),
    },
    {
      ...resolution,
      targets: Object.fromEntries(
        PRIORITIES.map((each) => [each, { calendar: 'italy', targetSeconds: resolutionSeconds }]),
      ),
    },
  ],
  ...{ priorityAbsent: 'P3', priorityChange: 'carry', policyChange: 'carry', revisionChange: 'keep' },
  ...{ reopen: 'continue', reopenGraceSeconds: 0 },
};

const activation = { revision: 1, from: '2000-01-01T00:00:00.000Z', corrects: null, reason: null };
const bookOf = (holidays: readonly string[]) => {
  const week = Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, hours]));
  const events: BookEvent[] = [
    { type: 'CalendarActivated', data: { id: 'italy', ...activation, body: { zone, week, holidays } } },
    { type: 'PolicyActivated', data: { id: 'italy', rank: 1, ...activation, body: policy } },
  ];
  return recorded('servicelevel', 'book', events).reduce(evolveBook, initialBook);
};

type Row = Readonly<Record<string, string>>;
interface Judged {
  readonly type: string;
  readonly takeInCharge: number;
  readonly resolution: number;
  readonly met: boolean;
}

/** One way: the mapped events under the policies of their days, folded as the projection folds them. */
const folded = (csv: string, holidays: readonly string[]): ReadonlyMap<string, Judged> => {
  const book = bookOf(holidays);
  const judged = new Map<string, Judged>();
  for (const { caseId, opening, others } of mapLog(loadMapping('italian-helpdesk'), csv)) {
    const named = nameHistory(book, [{ ...opening, data: { number: '', ...opening.data } }, ...others]);
    const plain = named.map(({ event: { notes: _notes, ...event } }) => event as RequestEvent);
    const events = recorded(requestCategory, caseId, plain).map((event, place): Recorded<RequestEvent> => ({
      ...event,
      metadata: { ...event.metadata, ...named[place]?.event.notes },
    }));
    const clocks = rebuilt(serviceLevelsProjection, events)?.clocks;
    const [charge, resolved] = clocks ? judgeClocks(clocks, knownTerms) : [];
    if (!charge || !resolved || resolved.fulfilledAt === null) continue;
    judged.set(caseId, {
      ...{ type: opening.data.type, takeInCharge: charge.elapsedSeconds, resolution: resolved.elapsedSeconds },
      met: resolved.status === 'met',
    });
  }
  return judged;
};

/** Opening times of a day on the wall clock of Rome, in seconds since 1970; none on weekends and holidays. */
const openOn = (day: DateTime, holidays: ReadonlySet<string>): readonly (readonly [number, number])[] => {
  const date = day.toISODate() ?? '';
  if (day.weekday > 5 || holidays.has(date)) return [];
  const at = (time: string): number => DateTime.fromISO(`${date}T${time}`, { zone }).toSeconds();
  return hours.map(({ from, to }) => [at(from), at(to)]);
};

/** The other way: business seconds day by day, over all days of the log. */
const countByDays = (holidays: ReadonlySet<string>): ((from: number, to: number) => number) => {
  const days: (readonly [number, number])[] = [];
  const last = DateTime.fromISO('2015-12-31', { zone });
  for (let day = DateTime.fromISO('2010-01-01', { zone }); day <= last; day = day.plus({ days: 1 }))
    days.push(...openOn(day, holidays));
  // In order, so that those before a case are passed over at once.
  return (from, to) => {
    let seconds = 0;
    let place = days.findIndex(([, closes]) => closes > from);
    for (let day = days[place]; day && day[0] < to; day = days[++place])
      seconds += Math.max(0, Math.min(to, day[1]) - Math.max(from, day[0]));
    return seconds;
  };
};

const instantOf = (row: Row): DateTime =>
  DateTime.fromFormat(row['Complete Timestamp'] ?? '', 'yyyy/MM/dd HH:mm:ss.SSS', { zone });

const ends = new Set(['Resolve ticket', 'RESOLVED', 'Closed']);

/** Cases whose steps are told in order, end once and are not taken up again: for those the rows alone say what must come out. */
const plainCases = (rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> => {
  const cases = new Map<string, Row[]>();
  for (const row of rows) cases.set(row['Case ID'] ?? '', [...(cases.get(row['Case ID'] ?? '') ?? []), row]);
  return new Map(
    [...cases].filter(([, steps]) => {
      const sorted = steps.every((row, place) => place === 0 || instantOf(row) >= instantOf(steps[place - 1] ?? row));
      const first = steps.findIndex((row) => ends.has(row['Activity'] ?? ''));
      return sorted && first > 0 && steps.slice(first).every((row) => ends.has(row['Activity'] ?? ''));
    }),
  );
};

it('judges the Italian help desk by its own calendar as a count by days does', async () => {
  if (!existsSync(file)) {
    process.stderr.write(`\n*** NOT CHECKED: ${file} is not there ***\n\n`);
    return;
  }
  const holidays = await publicHolidays({ country: 'IT', yearFirst: 2010, yearLast: 2015 });
  const csv = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const judged = folded(csv, holidays);
  const count = countByDays(new Set(holidays));
  const second = (row: Row): number => Math.floor(instantOf(row).toSeconds());
  let compared = 0;
  for (const [caseId, steps] of plainCases(parse(csv, { columns: true }))) {
    const [first, end] = [steps[0], steps.find((row) => ends.has(row['Activity'] ?? ''))];
    const found = judged.get(caseId);
    if (!first || !end || !found) continue;
    const seconds = count(second(first), second(end));
    expect([caseId, found.resolution, found.met]).toEqual([caseId, seconds, seconds <= resolutionSeconds]);
    compared++;
  }
  expect(compared).toBeGreaterThan(3_000);
  if (process.env['CASEFOLD_SHOW']) process.stdout.write(table([...judged.values()], compared));
}, 120_000);

/** Compliance by type, for whoever asks with CASEFOLD_SHOW. */
const table = (judged: readonly Judged[], compared: number): string => {
  const types = [...new Set(judged.map(({ type }) => type))].sort();
  const lines = types.map((type) => {
    const of = judged.filter((each) => each.type === type);
    const [taken, met] = [of.filter((each) => each.takeInCharge <= takeInChargeSeconds), of.filter(({ met }) => met)];
    return `${type}: ${of.length} cases, taken in charge in time ${taken.length}, resolved in time ${met.length}`;
  });
  return `${[...lines, `compared with the count by days: ${compared}`].join('\n')}\n`;
};
