import { FormatOf } from './row-format';

/** One JSON object a line, its members in the order of the columns; whole numbers of 64 bits are strings of digits. */
export const ndjsonRows: FormatOf = (columns) => ({
  extension: 'ndjson',
  begin: () => '',
  rows: (batch) =>
    batch
      .map((row) => `${JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])))}\n`)
      .join(''),
  end: () => '',
});
