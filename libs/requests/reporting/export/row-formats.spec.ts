import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { naughtyStrings } from '../../../../test/e2e/naughty-strings';
import { ReportingColumn, ReportingType } from '../view-columns';
import { ReportingRow } from '../snapshot.adapter';
import { csvRows, guarded } from './csv-rows';
import { ndjsonRows } from './ndjson-rows';
import { parquetRows } from './parquet-rows';
import { FormatOf } from './row-format';

/** Whatever stands in a row comes out of the file again, read by programs that are not ours. */
const types: readonly ReportingType[] = ['text', 'integer', 'bigint', 'boolean', 'timestamptz', 'uuid', 'jsonb'];
const columns: readonly ReportingColumn[] = types.map((type) => ({ name: `a_${type}`, type, sql: '', meaning: '' }));

// PostgreSQL takes neither of these, so that no row has them.
const storable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
const anyText = fc
  .oneof(
    fc.constantFrom(...naughtyStrings),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '=1+1', `'=1`, '-1', '"', '\r\n', 'a,b'),
  )
  .filter(storable);
const anyRow: fc.Arbitrary<ReportingRow> = fc.record({
  a_text: fc.option(anyText),
  a_integer: fc.option(fc.integer()),
  a_bigint: fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String)),
  a_boolean: fc.option(fc.boolean()),
  a_timestamptz: fc.option(fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })),
  a_uuid: fc.option(fc.uuid()),
  a_jsonb: fc.option(fc.dictionary(anyText, fc.oneof(anyText, fc.integer(), fc.boolean(), fc.constant(null)))),
});
const anyBatches = fc.array(fc.array(anyRow, { minLength: 1, maxLength: 8 }), { maxLength: 3 });

const written = (formatOf: FormatOf, batches: readonly (readonly ReportingRow[])[]): Buffer => {
  const format = formatOf(columns);
  const pieces = [format.begin(), ...batches.map((batch) => format.rows(batch)), format.end()];
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
};

/** A row as texts, which is what all formats have in common. */
const plain = (row: ReportingRow): readonly (string | null)[] =>
  columns.map(({ name }) => {
    const value = row[name] ?? null;
    if (value === null || typeof value === 'string') return value;
    if (value instanceof Date) return value.toISOString();
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });

const texts = (type: ReportingType): boolean => ['text', 'uuid', 'jsonb', 'bigint'].includes(type);

it('CSV gives back every value, by a reader that takes one leading apostrophe away', () =>
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const text = written(csvRows, batches).toString();
      const read: { value: string; quoted: boolean }[][] = [];
      const rows: string[][] = parse(text, {
        record_delimiter: '\r\n',
        cast: (value, { quoting }) => (quoting ? `q${value}` : value && `u${value}`),
      });
      expect(read).toEqual([]);
      const cells = rows.slice(1).map((row) =>
        row.map((cell, index) => {
          if (cell === '') return null;
          const value = cell.slice(1);
          return texts(types[index] ?? 'text') ? value.replace(/^'/, '') : value;
        }),
      );
      expect(cells).toEqual(batches.flat().map(plain));
    }),
  ));

it('CSV has no text that a spreadsheet takes for a formula', () =>
  fc.assert(fc.property(anyText, (text) => expect(guarded(text)).not.toMatch(/^[=+\-@\t\r\n＋－＝＠]/))));

it('CSV ends its lines as RFC 4180 wants, and quotes what needs it', () => {
  const row = { a_text: 'a "b",\nc', a_integer: 1, a_boolean: true };
  expect(written(csvRows, [[row]]).toString()).toBe(
    `"a_text","a_integer","a_bigint","a_boolean","a_timestamptz","a_uuid","a_jsonb"\r\n"a ""b"",\nc",1,,"true",,,\r\n`,
  );
});

it('NDJSON gives back every value', () =>
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const lines = written(ndjsonRows, batches).toString().split('\n').slice(0, -1);
      const read = lines.map((line): ReportingRow => JSON.parse(line));
      expect(read.map(plain)).toEqual(batches.flat().map(plain));
    }),
  ));

// Arrow's JavaScript takes a leading byte order mark for one.
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

interface WasmReader {
  readParquet(file: Uint8Array): { intoIPCStream(): Uint8Array };
}
const { readParquet } = jest.requireActual<WasmReader>('parquet-wasm/node');

it('Parquet gives back every value, to the reader of another implementation', () =>
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const table = tableFromIPC(readParquet(written(parquetRows, batches)).intoIPCStream());
      const read = table.toArray().map((row: Record<string, unknown>) =>
        columns.map(({ name, type }) => {
          const value = row[name] ?? null;
          if (value === null || typeof value === 'string') return value && withoutMark(String(value));
          return type === 'timestamptz' ? new Date(Number(value)).toISOString() : String(value);
        }),
      );
      expect(read).toEqual(batches.flat().map((row) => plain(row).map((value) => value && withoutMark(value))));
    }),
    { numRuns: 60 },
  ));

it('Parquet keeps the order of rows over its groups', () => {
  const batch = (from: number): ReportingRow[] =>
    Array.from({ length: 2_000 }, (_, index) => ({ a_integer: from + index }));
  const batches = Array.from({ length: 23 }, (_, index) => batch(index * 2_000));
  const table = tableFromIPC(readParquet(written(parquetRows, batches)).intoIPCStream());
  const read = table.toArray().map((row: Record<string, unknown>) => row['a_integer']);
  expect(read).toEqual(Array.from({ length: 46_000 }, (_, index) => index));
});

it.each([csvRows, ndjsonRows, parquetRows])('gives the same bytes for the same rows', (formatOf) =>
  fc.assert(
    fc.property(anyBatches, (batches) =>
      expect(written(formatOf, batches).equals(written(formatOf, batches))).toBe(true),
    ),
    { numRuns: 20 },
  ),
);
