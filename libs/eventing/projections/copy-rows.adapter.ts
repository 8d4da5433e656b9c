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

const chunkBytes = 64 * 1024;
const bytesPerUnitMax = 3;

/** Lines of fields as the bytes that are sent, written once: texts of megabytes are neither put together nor kept for the collector. */
export class CopyText {
  private readonly full: Buffer[] = [];
  private open = Buffer.alloc(0);
  private used = 0;

  /** A part of a line, as it is to be read. */
  add(text: string): void {
    const bytesMax = text.length * bytesPerUnitMax;
    if (this.used + bytesMax > this.open.length) {
      if (this.used) this.full.push(this.open.subarray(0, this.used));
      this.open = Buffer.allocUnsafe(Math.max(chunkBytes, bytesMax));
      this.used = 0;
    }
    this.used += this.open.write(text, this.used);
  }

  addLine(values: readonly unknown[]): void {
    for (const [place, value] of values.entries()) {
      if (place) this.add('\t');
      this.add(copyField(value));
    }
    this.add('\n');
  }

  get chunks(): readonly Buffer[] {
    return this.used ? [...this.full, this.open.subarray(0, this.used)] : this.full;
  }
}

/** Lines of fields into a table: PostgreSQL's own way for many rows, about twice as fast as an insert. */
export const copyText = async (
  db: ClientBase,
  table: string,
  columns: readonly string[],
  { chunks }: CopyText,
): Promise<void> => {
  if (!chunks.length) return;
  const copy = db.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`));
  for (const chunk of chunks) copy.write(chunk);
  copy.end();
  await finished(copy);
};

const ownColumns = ['key', 'revision', 'sequence', 'row'];

/** A row of a projection as a line for `copyRows`. */
export const addRow = (
  text: CopyText,
  projection: AnyProjection,
  { key, revision, sequence, row, columns = row ? columnsOf(projection, row) : {} }: FoldedRow,
): void => {
  if (!row) return;
  text.addLine([key, revision, sequence, JSON.stringify(row), ...Object.values(columns)]);
};

/** Rows into a table that has none of their keys. */
export const copyRows = (db: ClientBase, projection: AnyProjection, text: CopyText, table: string): Promise<void> =>
  copyText(db, table, [...ownColumns, ...Object.keys(projection.columns)], text);
