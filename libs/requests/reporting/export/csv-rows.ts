import { stringify } from 'csv-stringify/sync';
import { ReportingValue } from '../snapshot.adapter';
import { FormatOf } from './row-format';

/**
 * RFC 4180: a heading, lines that end with CRLF, texts in quotation marks, null as nothing at all.
 *
 * Spreadsheets take a text that begins like a formula for one. Such a text gets an apostrophe in front, and so does one that begins with
 * an apostrophe: whoever takes one leading apostrophe away has the text again.
 */
const looksLikeFormula = /^['=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/;

export const guarded = (text: string): string => (looksLikeFormula.test(text) ? `'${text}` : text);

const cell = (value: ReportingValue): string | number | null => {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  return guarded(typeof value === 'string' ? value : JSON.stringify(value));
};

const lines = (cells: readonly (readonly (string | number | null)[])[]): string =>
  stringify([...cells], { record_delimiter: '\r\n', quoted_string: true, eof: true });

export const csvRows: FormatOf = (columns) => ({
  extension: 'csv',
  begin: () => lines([columns.map(({ name }) => name)]),
  rows: (batch) => lines(batch.map((row) => columns.map(({ name }) => cell(row[name] ?? null)))),
  end: () => '',
});
