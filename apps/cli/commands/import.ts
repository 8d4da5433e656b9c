import { Command } from 'commander';
import { join } from 'node:path';
import { readConfig } from '../../../libs/platform/config/config';
import { Comparison, compareLog } from '../../../libs/requests/import/compare-log.adapter';
import { FileProblem, knowFile, KnownFile, RejectedRow } from '../../../libs/requests/import/csv-file.adapter';
import { HandleIds, SourceIdentities } from '../../../libs/requests/import/identities';
import { ImportCounts, importLog, ImportRun, noCounts, tryLog } from '../../../libs/requests/import/import-log.adapter';
import { Mapping, MappingError } from '../../../libs/requests/import/mapping';
import { loadMapping, shippedMappings } from '../../../libs/requests/import/mapping-file.adapter';
import { RejectedRows } from '../../../libs/requests/import/rejected-rows.adapter';
import { seedDirectory } from '../../seed';
import { requestPrefix } from '../../../libs/requests/vocabulary';
import { Failed } from '../failures';
import { Invocation, printJson, printLine, remark } from '../invocation';
import { progressOf } from '../progress';
import { untilProjected } from '../projected';
import { withSession } from '../session';

const rowsShownMax = 20;

interface Options {
  readonly mapping: string;
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

interface Summary {
  readonly file: string;
  readonly mapping: string;
  readonly batch: string;
  readonly dryRun: boolean;
  readonly rows: number;
  readonly rejected: number;
  readonly rejectedFile: string | null;
  readonly cases: { added: number; known: number; different: number; refused: number };
  readonly events: number;
  readonly eventsByType: Readonly<Record<string, number>>;
  readonly flags: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Whether the read models have taken it in; null when nobody was there to do so. */
  readonly projected: boolean | null;
}

/** A mapping or a file that cannot be used is wrong usage. */
const usage = async <T>(file: string, mapping: string, work: () => T | Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileProblem) throw new Failed('usage', `${file} cannot be imported: ${error.message}`);
    if (error instanceof MappingError) throw new Failed('usage', `the mapping ${mapping}: ${error.message}`);
    throw error;
  }
};

const sorted = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));

const eventsIn = ({ eventsByType }: ImportCounts): number =>
  [...eventsByType.values()].reduce((sum, events) => sum + events, 0);

const cell = ({ line, column, reason }: Pick<RejectedRow, 'line' | 'column' | 'reason'>): string =>
  `line ${line}${column === null ? '' : `, column ${JSON.stringify(column)}`}: ${reason}`;

interface Prepared {
  readonly file: string;
  readonly mapping: Mapping;
  readonly known: KnownFile;
  readonly rejected: RejectedRows;
  readonly run: ImportRun;
}

const prepare = async (invocation: Invocation, file: string, options: Options): Promise<Prepared> => {
  const mapping = await usage(file, options.mapping, () => loadMapping(options.mapping));
  const known = await usage(file, options.mapping, () => knowFile(file, mapping));
  const { dataDirectory } = readConfig(invocation.environment);
  const rejected = new RejectedRows(join(dataDirectory, 'imports', `${known.batch}.rejected.csv`), known.header);
  const progress = progressOf(invocation, 'rows', known.rows - known.rejected);
  let shown = 0;
  const run: ImportRun = {
    ...{ file, mapping, known, counts: noCounts(), signal: invocation.signal },
    onRows: (rows) => progress.update(rows),
    onRefused: (caseId, reason) => remark(invocation, `case ${caseId} was not imported: ${reason}`),
    onRejected: (row) => {
      if (!options.dryRun) rejected.add(row);
      if (++shown <= rowsShownMax) remark(invocation, cell(row));
      if (shown === rowsShownMax + 1) remark(invocation, 'more rows cannot be read …');
    },
  };
  return { file, mapping, known, rejected, run };
};

const summaryOf = (
  { file, mapping, known, rejected, run: { counts } }: Prepared,
  dryRun: boolean,
  began: number,
  projected: boolean | null,
): Summary => ({
  ...{ file, mapping: mapping.name, batch: known.batch, dryRun, rows: known.rows, rejected: known.rejected },
  rejectedFile: rejected.count ? rejected.file : null,
  cases: {
    added: counts.casesAdded,
    known: counts.casesKnown,
    different: counts.casesDifferent,
    refused: counts.casesRefused,
  },
  events: dryRun ? eventsIn(counts) : counts.eventsAdded,
  eventsByType: sorted(counts.eventsByType),
  flags: sorted(counts.flags),
  seconds: Math.round((performance.now() - began) / 10) / 100,
  projected,
});

/** Ids for a rehearsal: nothing is registered, and nobody sees them. */
const rehearsalIds: HandleIds = { staffId: (handle) => handle, teamId: (handle) => handle };
const rehearsalInstallation = '00000000-0000-4000-8000-000000000000';

const rehearse = async (prepared: Prepared): Promise<Summary> => {
  const began = performance.now();
  await tryLog(prepared.run, new SourceIdentities(prepared.mapping, rehearsalInstallation, rehearsalIds));
  return summaryOf(prepared, true, began, null);
};

const perform = (invocation: Invocation, prepared: Prepared): Promise<Summary> =>
  withSession(invocation, 'import', async ({ engine, directory, besideServer }) => {
    const began = performance.now();
    const { run, rejected } = prepared;
    await seedDirectory(directory, invocation.now());
    try {
      await importLog(run, { engine, directory, prefix: requestPrefix, now: invocation.now });
    } finally {
      rejected.end();
    }
    const { position } = run.counts;
    const isAwaited = besideServer && position !== undefined;
    const projected = isAwaited ? await untilProjected(engine.positions, position, invocation.signal) : null;
    return summaryOf(prepared, false, began, projected);
  });

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ') || 'none';

const summaryLines = (summary: Summary): readonly string[] => {
  const { cases, dryRun, rejected, rejectedFile } = summary;
  const rate = summary.seconds ? Math.round(summary.events / summary.seconds) : summary.events;
  const others = [
    cases.known ? `${cases.known} were there already` : '',
    cases.different ? `${cases.different} are there with other rows and were left as they are` : '',
    cases.refused ? `${cases.refused} were refused` : '',
  ].filter(Boolean);
  return [
    `${dryRun ? 'would be' : 'imported'}  ${cases.added} cases, ${summary.events} events from ${summary.rows} rows in ${summary.seconds} s (${rate} events/s)`,
    ...(others.length ? [`cases     ${others.join(', ')}`] : []),
    `events    ${listed(summary.eventsByType)}`,
    `flags     ${listed(summary.flags)}`,
    `rejected  ${rejected} rows${rejectedFile === null ? '' : `, kept in ${rejectedFile}`}`,
    `batch     ${summary.batch}`,
    ...(summary.projected === false ? ['the read models have not taken in all of it yet'] : []),
  ];
};

const bring = async (invocation: Invocation, file: string, options: Options): Promise<void> => {
  const prepared = await prepare(invocation, file, options);
  const summary = await (options.dryRun ? rehearse(prepared) : perform(invocation, prepared));
  if (options.json) printJson(invocation, summary);
  else for (const line of summaryLines(summary)) printLine(invocation, line);
  if (invocation.signal.aborted)
    throw new Failed('interrupted', 'only a part was imported; the same command goes on where this one stopped');
  const { cases, rejected } = summary;
  const left = rejected + cases.different + cases.refused;
  if (left) throw new Failed('refused', `not everything was imported: ${rejected} rows and ${left - rejected} cases`);
};

const comparisonLines = ({ activities, cases, equal }: Comparison): readonly string[] => {
  const rows = [
    ['activity', 'in the file', 'in the history'],
    ...activities.map(({ activity, inFile, inHistory }) => [activity, String(inFile), String(inHistory)]),
    ['cases', String(cases.inFile), String(cases.inHistory)],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return [
    ...rows.map(([name = '', one = '', other = '']) =>
      `${name.padEnd(width)}  ${one.padStart(11)}  ${other.padStart(14)}  ${one === other || one === 'in the file' ? '' : 'DIFFERS'}`.trimEnd(),
    ),
    equal ? 'every count is equal' : 'the history differs from the file',
  ];
};

const check = async (invocation: Invocation, file: string, options: Options): Promise<void> => {
  const mapping = await usage(file, options.mapping, () => loadMapping(options.mapping));
  const known = await usage(file, options.mapping, () => knowFile(file, mapping));
  const progress = progressOf(invocation, 'events');
  const comparison = await withSession(invocation, 'import --check', ({ engine }) =>
    compareLog(engine, file, mapping, known, (events) => progress.update(events)),
  );
  if (options.json) printJson(invocation, comparison);
  else for (const line of comparisonLines(comparison)) printLine(invocation, line);
  if (!comparison.equal) throw new Failed('refused', 'not proved: the counts differ');
};

const explained = (): string => `
Mappings that ship with Casefold: ${shippedMappings().join(', ')}.
A file.json is described in libs/requests/import/README.md.

The same file can be imported again, and after an interruption, without doubling anything. Rows that cannot be read are
named by line and column and kept in <data>/imports/<batch>.rejected.csv, readable by you alone; exit code 1 then.
--check counts every activity anew from the history and compares; exit code 1 when a count differs.`;

export const declareImport = (program: Command, invocation: Invocation): void => {
  program
    .command('import')
    .argument('<file>', 'a log in CSV, UTF-8')
    .description('turn a log into cases with their history, marked as imported')
    .requiredOption('--mapping <name>', 'what the columns mean: a name below, or a file.json')
    .option('--dry-run', 'read and map everything, add nothing')
    .option('--check', 'import nothing; compare the counts of the file with those of the history')
    .option('--json', 'as JSON')
    .addHelpText('after', explained())
    .action((file: string, options: Options) =>
      options.check ? check(invocation, file, options) : bring(invocation, file, options),
    );
};
