import { Pool } from 'pg';
import { EventTypes } from '../../../eventing/event-types';
import { makeFolder } from '../../../platform/embedded/make-folder';
import { pointReportingViews } from '../point-reporting-views.adapter';
import { ReportingView } from '../view-columns';
import { Snapshot, SnapshotState, withSnapshot } from '../snapshot.adapter';
import { csvRows } from './csv-rows';
import { conceal, FileSink, reveal, WrittenFile } from './file-sink.adapter';
import { ndjsonRows } from './ndjson-rows';
import { ocelFile } from './ocel-file.adapter';
import { parquetRows } from './parquet-rows';
import { FormatOf } from './row-format';

/**
 * Files of views at one position.
 *
 * Guarantee: all files of an export are of one snapshot, and the manifest says which; the same position gives the same bytes. A file has its
 * name only when it is whole, and `manifest.json`, which is written last, names the files that belong together: without it, whatever
 * lies in a folder is not an export. Memory does not grow with the number of rows.
 */
export const formats = ['csv', 'ndjson', 'parquet', 'ocel'] as const;
export type ExportFormat = (typeof formats)[number];

const manifestName = 'manifest.json';
const manifestVersion = 1;
// As much as the caller's own mask leaves of it; the files are the caller's alone.
const folderMode = 0o777;
const rowFormats: Readonly<Record<Exclude<ExportFormat, 'ocel'>, FormatOf>> = {
  csv: csvRows,
  ndjson: ndjsonRows,
  parquet: parquetRows,
};

export interface ExportedFile extends WrittenFile {
  readonly of: string;
  readonly rows: number;
}

/** Nothing in it depends on when or where the export was made. */
export interface Manifest extends SnapshotState {
  readonly manifest: number;
  readonly format: ExportFormat;
  readonly files: readonly ExportedFile[];
}

export interface ExportOptions {
  readonly types: EventTypes;
  readonly views: readonly ReportingView[];
  readonly format: ExportFormat;
  readonly folder: string;
  /** Refuse when a case, customer, team or member of staff stands still. */
  readonly requireComplete: boolean;
  readonly onRows: (rows: number) => void;
}

/** Something stands still, so that a complete export cannot be had. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete';

  constructor(readonly quarantined: number) {
    const rows = quarantined === 1 ? '1 row is' : `${quarantined} rows are`;
    super(`${rows} not up to date, because an event cannot be applied; nothing was exported`);
  }
}

/** @throws Incomplete, FolderProblem */
export const exportViews = async (pool: Pool, options: ExportOptions): Promise<Manifest> => {
  await pointReportingViews(pool);
  return withSnapshot(pool, async (snapshot) => {
    const { state } = snapshot;
    if (options.requireComplete && state.quarantined) throw new Incomplete(state.quarantined);
    makeFolder(options.folder, folderMode);
    await conceal(options.folder, manifestName);
    const files: ExportedFile[] = [];
    for (const view of options.views) files.push(await exportView(snapshot, view, options));
    for (const { name } of files) await reveal(options.folder, name);
    const manifest: Manifest = { manifest: manifestVersion, format: options.format, ...state, files };
    const sink = await FileSink.create(options.folder, manifestName);
    await sink.write(`${JSON.stringify(manifest, null, 2)}\n`);
    await sink.finish();
    await reveal(options.folder, manifestName);
    return manifest;
  });
};

type Pieces = AsyncGenerator<{ readonly piece: string | Uint8Array; readonly rows: number }>;

async function* rowFile(snapshot: Snapshot, view: ReportingView, formatOf: FormatOf): Pieces {
  const format = formatOf(view.columns);
  yield { piece: format.begin(), rows: 0 };
  for await (const batch of snapshot.rows(view)) yield { piece: format.rows(batch), rows: batch.length };
  yield { piece: format.end(), rows: 0 };
}

const exportView = async (
  snapshot: Snapshot,
  view: ReportingView,
  { types, format, folder, onRows }: ExportOptions,
): Promise<ExportedFile> => {
  const pieces: Pieces = format === 'ocel' ? ocelFile(snapshot, types) : rowFile(snapshot, view, rowFormats[format]);
  const extension = format === 'ocel' ? 'ocel.json' : format;
  const sink = await FileSink.create(folder, `${view.name}.${extension}`);
  let rows = 0;
  try {
    for await (const { piece, rows: more } of pieces) {
      await sink.write(piece);
      rows += more;
      onRows(rows);
    }
    return { of: view.name, rows, ...(await sink.finish()) };
  } catch (error) {
    await sink.abandon();
    throw error;
  }
};
