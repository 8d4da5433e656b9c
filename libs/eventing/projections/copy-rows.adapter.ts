import { finished } from 'node:stream/promises';
import { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { columnsOf } from './fold-rows';
import { AnyProjection, FoldedRow } from './projection';

const special = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (text: string): string =>
  special.test(text) ? text.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? character) : text;

const field = (value: unknown): string => (value === null || value === undefined ? '\\N' : escaped(String(value)));

/** Rows into a table that has none of their keys: PostgreSQL's own way for many rows, about twice as fast as an insert. */
export const copyRows = async (
  db: ClientBase,
  projection: AnyProjection,
  rows: readonly FoldedRow[],
  table: string,
): Promise<void> => {
  const names = Object.keys(projection.columns);
  const lines = rows.flatMap(({ key, revision, sequence, row }) => {
    if (!row) return [];
    const columns = columnsOf(projection, row);
    const own = names.map((name) => `\t${field(columns[name])}`).join('');
    return [`${escaped(key)}\t${revision}\t${sequence}\t${escaped(JSON.stringify(row))}${own}\n`];
  });
  if (!lines.length) return;
  const columns = ['key', 'revision', 'sequence', 'row', ...names].join(', ');
  const copy = db.query(copyFrom(`copy ${table} (${columns}) from stdin`));
  copy.end(lines.join(''));
  await finished(copy);
};
