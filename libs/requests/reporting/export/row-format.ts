import { ReportingColumn } from '../view-columns';
import { ReportingRow } from '../snapshot.adapter';

/** How rows become the bytes of a file, a batch after the other. */
export interface RowFormat {
  readonly extension: string;
  begin(): string | Uint8Array;
  rows(batch: readonly ReportingRow[]): string | Uint8Array;
  end(): string | Uint8Array;
}

export type FormatOf = (columns: readonly ReportingColumn[]) => RowFormat;
