import { ByteWriter, ParquetWriter, SchemaElement } from 'hyparquet-writer';
import { ReportingColumn, ReportingType } from '../view-columns';
import { ReportingRow, ReportingValue } from '../snapshot.adapter';
import { FormatOf } from './row-format';

/** Parquet with Snappy, in groups of rows that readers can skip; instants are milliseconds in UTC, JSON is text of that logical type. */
const rowsPerGroup = 20_000;

type Element = Omit<SchemaElement, 'name' | 'repetition_type'>;

const text: Element = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
const elements: Readonly<Record<ReportingType, Element>> = {
  text,
  uuid: text,
  jsonb: { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
  integer: { type: 'INT32' },
  bigint: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  timestamptz: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
};

const schemaOf = (columns: readonly ReportingColumn[]): SchemaElement[] => [
  { name: 'root', num_children: columns.length },
  ...columns.map(({ name, type }): SchemaElement => ({ ...elements[type], name, repetition_type: 'OPTIONAL' })),
];

const valueOf = (type: ReportingType, value: ReportingValue): unknown => {
  if (value === null) return null;
  if (type === 'bigint') return BigInt(String(value));
  // As bytes of our own: the writer's JSON has no member called __proto__.
  return type === 'jsonb' ? new Uint8Array(Buffer.from(JSON.stringify(value))) : value;
};

// Thrift's compact form of "no rows, no row groups": the writer gives an empty list no type, which strict readers refuse.
const listOfNothing = Buffer.from([0x16, 0x00, 0x19, 0x00]);
const structs = 0x0c;

const withoutRowGroups = (footer: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(footer);
  const place = bytes.indexOf(listOfNothing);
  if (place < 0) throw new Error('the footer of an empty Parquet file is not as expected');
  bytes[place + listOfNothing.length - 1] = structs;
  return bytes;
};

export const parquetRows: FormatOf = (columns) => {
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: 'casefold' });
  /** What was written since the last time; the offsets in the file go on. */
  const taken = (): Uint8Array => {
    const bytes = Uint8Array.from(writer.getBytes());
    writer.index = 0;
    return bytes;
  };
  let waiting: ReportingRow[] = [];
  const writeGroup = (): void => {
    const columnData = columns.map(({ name, type }) => ({
      name,
      data: waiting.map((row) => valueOf(type, row[name] ?? null)),
    }));
    void file.write({ columnData, rowGroupSize: waiting.length });
    waiting = [];
  };
  return {
    extension: 'parquet',
    begin: taken,
    rows: (batch) => {
      waiting.push(...batch);
      if (waiting.length >= rowsPerGroup) writeGroup();
      return taken();
    },
    end: () => {
      if (waiting.length) writeGroup();
      void file.finish();
      return file.num_rows ? taken() : withoutRowGroups(taken());
    },
  };
};
