/**
 * Reads a log in CSV, twice: once to know it, once to use it.
 *
 * The first pass finds what is wrong with the file as a whole before anything is written, names its content by a digest, and counts
 * the rows of each case, so that the second can let go of a case as soon as its last row is there. In memory stay the ids of the
 * cases and the rows of those that are not complete yet: for a log that is in order of cases, one of them.
 */
import { createHash, Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { MappingError, Mapping } from './mapping';
import { BadRow, GoodRow, isBad, MissingColumns, RowReader, rowReader, Step } from './rows';

const recordCharactersMax = 1 << 20;
export const casesMax = 2_000_000;
export const caseRowsMax = 20_000;
const digestCharacters = 16;

/** The file as a whole cannot be used. The message is a sentence for whoever named it. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}

export interface RejectedRow extends BadRow {
  readonly row: number;
  /** Line of the file that the row ends on, 1 for the first. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface KnownFile {
  readonly header: readonly string[];
  readonly reader: RowReader;
  /** Digest of content and mapping: the same file has the same one in every run. */
  readonly batch: string;
  readonly rows: number;
  readonly rejected: number;
  /** How many good rows each case has. */
  readonly rowsOf: ReadonlyMap<string, number>;
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

type OnChunk = (chunk: Buffer) => void;

/** What begins with these bytes is no text in UTF-8. */
const otherKinds = [
  { bytes: '1f8b', problem: 'it is compressed with gzip; unpack it first' },
  { bytes: '504b0304', problem: 'it is a ZIP archive or a spreadsheet; save it as CSV first' },
  { bytes: 'fffe', problem: 'it is UTF-16 text, not UTF-8' },
  { bytes: 'feff', problem: 'it is UTF-16 text, not UTF-8' },
];

const assertKind = (start: Buffer): void => {
  const other = otherKinds.find(({ bytes }) => start.toString('hex', 0, bytes.length / 2) === bytes);
  if (other) throw new FileProblem(other.problem);
};

/** Read a second time, byte for character, so that the line can be counted. */
const notUtf8 = async (file: string): Promise<FileProblem> => {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file, 'latin1') })) {
      line++;
      utf8.decode(Buffer.from(text, 'latin1'));
    }
    return new FileProblem('it is not UTF-8 text');
  } catch {
    return new FileProblem(`it is not UTF-8 text; line ${line} is the first that is none`);
  }
};

async function* chunksOf(file: string, onChunk: OnChunk): AsyncGenerator<Buffer> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    if (isFirst) assertKind(chunk);
    isFirst = false;
    try {
      utf8.decode(chunk, { stream: true });
    } catch {
      throw await notUtf8(file);
    }
    onChunk(chunk);
    yield chunk;
  }
}

async function* recordsOf(file: string, delimiter: string, onChunk: OnChunk): AsyncGenerator<CsvRecord> {
  const parser = parse({
    ...{ delimiter, bom: true, info: true, relax_column_count: true, skip_empty_lines: true },
    max_record_size: recordCharactersMax,
    // A quote inside a cell that is not quoted, such as 5" of rain, is one of its characters.
    relax_quotes: true,
  });
  // An error of the source reaches the loop through the parser.
  pipeline(chunksOf(file, onChunk), parser, () => undefined);
  for await (const each of parser as AsyncIterable<CsvRecord>) yield each;
}

const problemOf = (error: unknown): unknown => {
  if (error instanceof FileProblem) return error;
  if (error instanceof CsvError) return new FileProblem(csvSentence(error));
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return new FileProblem('there is no such file');
  if (code === 'EISDIR') return new FileProblem('it is a folder, not a file');
  if (code === 'EACCES') return new FileProblem('it may not be read');
  return error;
};

const csvSentence = (error: CsvError): string => {
  const line = 'lines' in error ? ` (line ${String(error['lines'])})` : '';
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return `a quote is opened and never closed${line}`;
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return `a row is longer than ${recordCharactersMax} characters${line}; is a quote left open?`;
  return `it is not CSV as expected${line}: ${error.message}`;
};

const headerProblem = (error: unknown, delimiter: string): unknown => {
  if (!(error instanceof MissingColumns)) return error;
  const { missing, header } = error;
  const hint =
    header.length === 1 ? `; the file has one column only: ${JSON.stringify(delimiter)} may not be its delimiter` : '';
  const shown = header.slice(0, 50).map((column) => JSON.stringify(column));
  return new FileProblem(
    `it has no column ${missing.map((column) => JSON.stringify(column)).join(', ')}${hint}. It has ${shown.join(', ')}`,
  );
};

export type ReadRow = (GoodRow & { readonly row: number; readonly cells: readonly string[] }) | RejectedRow;

export const isRejected = (row: ReadRow): row is RejectedRow => 'reason' in row;

/** Every row below the header. @throws FileProblem, MappingError */
async function* readRows(
  file: string,
  mapping: Mapping,
  onHeader: (header: readonly string[], reader: RowReader) => void,
  onChunk: OnChunk = () => undefined,
): AsyncGenerator<ReadRow> {
  let reader: RowReader | undefined;
  let row = 0;
  try {
    for await (const { record, info } of recordsOf(file, mapping.delimiter, onChunk)) {
      if (!reader) {
        reader = rowReader(mapping, record);
        onHeader(record, reader);
        continue;
      }
      row++;
      const read = reader.read(record, row);
      yield isBad(read) ? { ...read, row, line: info.lines, cells: record } : { ...read, row, cells: record };
    }
  } catch (error) {
    throw headerProblem(problemOf(error), mapping.delimiter);
  }
  if (!reader) throw new FileProblem('it is empty');
}

const count = (rowsOf: Map<string, number>, caseId: string): void => {
  const rows = (rowsOf.get(caseId) ?? 0) + 1;
  if (rows > caseRowsMax) throw new FileProblem(`case ${caseId} has more than ${caseRowsMax} rows`);
  rowsOf.set(caseId, rows);
  if (rowsOf.size > casesMax) throw new FileProblem(`it has more than ${casesMax} cases; split it`);
};

/** The first pass. @throws FileProblem, MappingError */
export const knowFile = async (file: string, mapping: Mapping): Promise<KnownFile> => {
  const digest = createHash('sha256').update(mapping.name).update('\0');
  const rowsOf = new Map<string, number>();
  let known: Pick<KnownFile, 'header' | 'reader'> | undefined;
  let rows = 0;
  let rejected = 0;
  const onHeader = (header: readonly string[], reader: RowReader): void => void (known = { header, reader });
  for await (const row of readRows(file, mapping, onHeader, (chunk) => digest.update(chunk))) {
    rows++;
    if (isRejected(row)) rejected++;
    else count(rowsOf, row.caseId);
  }
  if (!known) throw new MappingError('', 'was not applied');
  return { ...known, batch: digest.digest('hex').slice(0, digestCharacters), rows, rejected, rowsOf };
};

export interface CaseRows {
  readonly caseId: string;
  readonly steps: readonly Step[];
  /** Of all cells of its rows: it tells a case that is known from one that looks different now. */
  readonly digest: string;
}

interface OpenCase {
  left: number;
  readonly steps: Step[];
  readonly digest: Hash;
}

/** The second pass: every case once, when its last row is there. */
export async function* readCases(
  file: string,
  mapping: Mapping,
  { rowsOf }: KnownFile,
  onRejected: (row: RejectedRow) => void,
): AsyncGenerator<CaseRows> {
  const open = new Map<string, OpenCase>();
  for await (const row of readRows(file, mapping, () => undefined)) {
    if (isRejected(row)) {
      onRejected(row);
      continue;
    }
    const { caseId, steps, cells } = row;
    const begun = { left: rowsOf.get(caseId) ?? 1, steps: [], digest: createHash('sha256') };
    const gathered: OpenCase = open.get(caseId) ?? begun;
    gathered.left--;
    gathered.steps.push(...steps);
    gathered.digest.update(JSON.stringify(cells));
    open.set(caseId, gathered);
    if (gathered.left > 0) continue;
    open.delete(caseId);
    yield { caseId, steps: gathered.steps, digest: gathered.digest.digest('base64url') };
  }
}
