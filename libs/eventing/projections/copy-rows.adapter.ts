import { finished } from 'node:stream/promises';
import { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { columnsOf } from './fold-rows';
import { AnyProjection, FoldedRow } from './projection';

const special = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (text: string): string =>
  special.test(text) ? text.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? character) : text;

/** A value as a field of a line. */
export const copyField = (value: unknown): string =>
  value === null || value === undefined ? '\\N' : escaped(String(value));

export const copyLine = (values: readonly unknown[]): string => `${values.map(copyField).join('\t')}\n`;

/** Lines of fields into a table: PostgreSQL's own way for many rows, about twice as fast as an insert. */
export const copyLines = async (
  db: ClientBase,
  table: string,
  columns: readonly string[],
  lines: readonly string[],
): Promise<void> => {
  if (!lines.length) return;
  const copy = db.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`));
  copy.end(lines.join(''));
  await finished(copy);
};

const ownColumns = ['key', 'revision', 'sequence', 'row'];

/** Rows of a projection as lines for `copyRows`. */
export const rowLines = (projection: AnyProjection, rows: readonly FoldedRow[]): readonly string[] =>
  rows.flatMap(({ key, revision, sequence, row }) =>
    row ? [copyLine([key, revision, sequence, JSON.stringify(row), ...Object.values(columnsOf(projection, row))])] : [],
  );

/** Rows into a table that has none of their keys. */
export const copyRows = (
  db: ClientBase,
  projection: AnyProjection,
  lines: readonly string[],
  table: string,
): Promise<void> => copyLines(db, table, [...ownColumns, ...Object.keys(projection.columns)], lines);
