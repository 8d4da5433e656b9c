import { parse } from 'csv-parse/sync';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMapping } from './mapping-file.adapter';
import { mapLog } from './testing/mapped';

/** The real logs are not part of this repository: they lie beside the checkout, or in the folder that CASEFOLD_DATASETS names. */
const folder = process.env['CASEFOLD_DATASETS'] ?? join(__dirname, '..', '..', '..', '..', 'shared', 'datasets');

const counted = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const logs = [
  {
    name: 'italian-helpdesk',
    caseId: 'Case ID',
    activities: (row: Row) => [row['Activity'] ?? ''],
  },
  {
    name: 'volvo-closed-problems',
    caseId: 'case:concept:name',
    activities: (row: Row) => [`${row['concept:name']}+${row['lifecycle:transition']}`],
  },
  { name: 'servicenow-incidents-890', caseId: 'number', activities: (row: Row) => [row['incident_state'] ?? ''] },
  {
    name: 'nyc311-500',
    caseId: 'unique_key',
    activities: (row: Row) => [
      ...['created_date', 'resolution_action_updated_date', 'closed_date'].filter((column) => row[column]),
      row['status'] ?? '',
    ],
  },
] as const;

type Row = Readonly<Record<string, string>>;

describe.each(logs)('the log $name', ({ name, caseId, activities }) => {
  const file = join(folder, `${name}.csv`);

  it('has in its mapped history as many of each activity as in the file, and every case once', () => {
    if (!existsSync(file)) {
      process.stderr.write(`\n*** NOT CHECKED: ${file} is not there ***\n\n`);
      return;
    }
    const csv = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const rows: Row[] = parse(csv, { columns: true });
    const cases = mapLog(loadMapping(name), csv);
    const named = cases.flatMap(({ opening, others }) =>
      [opening, ...others].flatMap(({ notes }) => notes?.sourceActivity ?? []),
    );
    expect(counted(named)).toEqual(counted(rows.flatMap(activities)));
    expect(cases).toHaveLength(new Set(rows.map((row) => row[caseId])).size);
  });
});
