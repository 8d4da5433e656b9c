import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import {
  ExportFormat,
  exportViews,
  formats,
  Incomplete,
  Manifest,
} from '../../../libs/requests/reporting/export/export-views.adapter';
import { reportingViews } from '../../../libs/requests/reporting/reporting-views.query';
import { ReportingView } from '../../../libs/requests/reporting/view-columns';
import { FolderProblem } from '../../../libs/platform/embedded/make-folder';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { progressOf } from '../progress';
import { withSession } from '../session';

interface ExportCommandOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly requireComplete: boolean;
  readonly json?: boolean;
}

const log = 'log';
const nameOf = ({ name }: ReportingView): string => (name === 'events' ? log : name);
// The state is in every manifest.
const exported = reportingViews.filter(({ name }) => name !== 'completeness');
const namesKnown = exported.map(nameOf).join(' ');

export const declareExport = (program: Command, invocation: Invocation): void => {
  program
    .command('export')
    .argument('[what...]', `some of: ${namesKnown}; all of them when none is named`)
    .description('write models and the log to files, all as of one position, with a manifest that says which')
    .addOption(new Option('--format <format>', 'of the files').choices(formats).default('csv'))
    .requiredOption('--out <folder>', 'where to; a manifest.json that is there is replaced')
    .option(
      '--require-complete',
      'exit 1, and write nothing, when something stands still for an event that cannot be applied',
      false,
    )
    .option('--json', 'print the manifest')
    .addHelpText(
      'after',
      `
The same position gives the same bytes. A folder is a whole export when it has a manifest.json, which is written last
and names position, sequence, generation, projection versions, the number of rows set aside, and the SHA-256 of each file.
csv      RFC 4180; a text that begins like a formula (or with an apostrophe) has an apostrophe in front
ndjson   one JSON object a line; 64-bit numbers are strings of digits
parquet  Snappy; instants in UTC
ocel     OCEL 2.0 (JSON) of the log, for process mining
Personal data stay sealed: they are in none of the files.`,
    )
    .action(async (names: readonly string[], options: ExportCommandOptions) => {
      const manifest = await run(invocation, chosen(names, options.format), options);
      if (options.json) printJson(invocation, manifest);
      else printLine(invocation, told(manifest, options.out));
    });
};

const chosen = (names: readonly string[], format: ExportFormat): readonly ReportingView[] => {
  const unknown = names.filter((name) => !exported.some((view) => nameOf(view) === name));
  if (unknown.length) throw new Failed('usage', `there is no ${unknown.join(', ')} to export; there are ${namesKnown}`);
  const views = names.length ? exported.filter((view) => names.includes(nameOf(view))) : exported;
  if (format !== 'ocel') return views;
  if (names.some((name) => name !== log)) throw new Failed('usage', 'the format ocel is of the log alone');
  return exported.filter((view) => nameOf(view) === log);
};

const told = ({ position, quarantined, files }: Manifest, out: string): string =>
  [
    ...files.map(({ name, rows }) => `${name}: ${rows} rows`),
    `as of position ${position}${quarantined ? `, ${quarantined} rows set aside` : ''}, in ${out}`,
  ].join('\n');

const folderOf = (out: string): string => {
  if (!out.trim()) throw new Failed('usage', '--out needs the name of a folder');
  return resolve(out);
};

const run = (
  invocation: Invocation,
  views: readonly ReportingView[],
  { format, out, requireComplete }: ExportCommandOptions,
): Promise<Manifest> => {
  const folder = folderOf(out);
  return withSession(invocation, 'export', async ({ engine }) => {
    const shown = progressOf(invocation, 'rows written:');
    const onRows = (rows: number): void => {
      if (invocation.signal.aborted) throw new Failed('interrupted', 'nothing that looks like an export was left');
      shown.update(rows);
    };
    try {
      const { pool, types } = engine;
      return await exportViews(pool, { types, views, format, folder, requireComplete, onRows });
    } catch (error) {
      if (error instanceof Incomplete) throw new Failed('refused', error.message);
      throw error instanceof FolderProblem ? new Failed('usage', error.message) : error;
    } finally {
      shown.stop();
    }
  });
};
