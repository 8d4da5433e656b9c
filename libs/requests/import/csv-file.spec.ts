import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CaseRows, FileProblem, knowFile, readCases, RejectedRow } from './csv-file.adapter';
import { loadMapping } from './mapping-file.adapter';
import { madeUpLogs } from './testing/made-up-logs';

const mapping = loadMapping('italian-helpdesk');
const log = madeUpLogs['italian-helpdesk'];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casefold-csv-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (content: string | Buffer): string => {
  const file = join(folder, 'log.csv');
  writeFileSync(file, content);
  return file;
};

const problemOf = async (file: string): Promise<string> => {
  try {
    await knowFile(file, mapping);
    return 'none';
  } catch (error) {
    if (error instanceof FileProblem) return error.message;
    throw error;
  }
};

const read = async (content: string): Promise<{ cases: CaseRows[]; rejected: RejectedRow[] }> => {
  const file = fileOf(content);
  const known = await knowFile(file, mapping);
  const cases: CaseRows[] = [];
  const rejected: RejectedRow[] = [];
  for await (const each of readCases(file, mapping, known, (row) => rejected.push(row))) cases.push(each);
  return { cases, rejected };
};

const told = ({ cases }: { cases: readonly CaseRows[] }): readonly string[] =>
  cases.map(({ caseId, steps }) => `${caseId}: ${steps.map(({ row }) => row).join(' ')}`);

describe('a file that cannot be used', () => {
  it.each([
    ['that is not there', () => join(folder, 'absent.csv'), 'there is no such file'],
    ['that is a folder', () => folder, 'it is a folder, not a file'],
    ['that is empty', () => fileOf(''), 'it is empty'],
    ['with another delimiter', () => fileOf(log.replaceAll(',', ';')), /one column only: "," may not be its delimiter/],
    ['without a column', () => fileOf(log.replace('Resource', 'Who')), /has no column "Resource".*It has "Case ID"/s],
    ['with a quote left open', () => fileOf(`${log}"Case 3,Closed\n`), /a quote is opened and never closed/],
    [
      'that is not UTF-8',
      () => fileOf(Buffer.concat([Buffer.from(log), Buffer.from([0xff, 0xfe])])),
      /UTF-8.* line 11 /,
    ],
    ['in Latin-1', () => fileOf(Buffer.from(log.replace('Value 3', 'Caffè'), 'latin1')), /UTF-8.* line 2 /],
    ['in UTF-16', () => fileOf(Buffer.from(`\uFEFF${log}`, 'utf16le')), /UTF-16/],
    ['that is compressed', () => fileOf(gzipSync(log)), /compressed with gzip/],
  ])('%s is refused with a sentence', async (_, file, expected) => {
    expect(await problemOf(file())).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });
});

describe('a file', () => {
  it('gives each case with all its rows', async () => {
    expect(told(await read(log))).toEqual(['Case 1: 1 2 3 4 5 6', 'Case 2: 7 8 9']);
  });

  it('reads the same with a byte order mark and with the line ends of Windows', async () => {
    const plain = await read(log);
    const other = await read(`\uFEFF${log.replaceAll('\n', '\r\n')}`);
    expect(told(other)).toEqual(told(plain));
    expect(other.cases.map(({ digest }) => digest)).toEqual(plain.cases.map(({ digest }) => digest));
  });

  it('may have quotes in cells that are not quoted', async () => {
    const { cases, rejected } = await read(log.replace('Value 3,', '19" rack,').replace('Value 7,', '"Ada" & co,'));
    const [step] = cases[0]?.steps ?? [];
    expect([rejected, step?.cells.get('product'), step?.cells.get('customer')]).toEqual([[], '19" rack', '"Ada" & co']);
  });

  it('may have the rows of its cases mixed: a case comes with its last row', async () => {
    const [header = '', ...rows] = log.trimEnd().split('\n');
    const mixed = [header, ...rows.slice(6), ...rows.slice(0, 6)];
    [mixed[2], mixed[6]] = [mixed[6] ?? '', mixed[2] ?? ''];
    expect(told(await read(mixed.join('\n')))).toEqual(['Case 2: 1 3 6', 'Case 1: 2 4 5 7 8 9']);
  });

  it('loses only the rows that cannot be read, and says which', async () => {
    const { cases, rejected } = await read(log.replace('2012/10/09 14:51:01.000', 'yesterday'));
    expect(rejected).toMatchObject([{ row: 2, line: 3, column: 'Complete Timestamp' }]);
    expect(told({ cases })).toEqual(['Case 1: 1 3 4 5 6', 'Case 2: 7 8 9']);
  });

  it('has a name of its own that depends on what stands in it and on the mapping alone', async () => {
    const batch = async (content: string): Promise<string> => (await knowFile(fileOf(content), mapping)).batch;
    expect(await batch(log)).toBe(await batch(log));
    expect(await batch(log)).not.toBe(await batch(log.replace('Value 7', 'Value 8')));
  });
});
