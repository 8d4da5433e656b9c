import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { RejectedRow } from './csv-file.adapter';

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`;

/** Keeps the rows that could not be read, with the reason, where only we can read them. Each run of a file writes it anew. */
export class RejectedRows {
  private handle: number | undefined;
  count = 0;

  constructor(
    readonly file: string,
    private readonly header: readonly string[],
  ) {
    rmSync(file, { force: true });
  }

  add({ line, column, reason, cells }: Omit<RejectedRow, 'row'>): void {
    this.handle ??= this.begin();
    this.count++;
    writeSync(this.handle, csvLine([String(line), column ?? '', reason, ...cells]));
  }

  end(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }

  private begin(): number {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const handle = openSync(this.file, 'w', 0o600);
    writeSync(handle, csvLine(['line', 'column', 'reason', ...this.header]));
    return handle;
  }
}
