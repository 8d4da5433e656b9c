import { ClientBase } from 'pg';
import { EventTypes } from '../event-types';
import type { TableWriter } from './fold-streams';
import { AnyProjection } from './projection';
import type { RebuildRun } from './rebuild-run.adapter';
import type { ScanThreads } from './scan-threads.adapter';
import type { Comparison } from './switch.adapter';

export interface RebuildOptions {
  /** The code that folds: what other code has begun is not continued. */
  readonly build: string;
  readonly startedBy: string;
  /** Who scans the mirror; without, this thread does. */
  readonly threads?: ScanThreads | undefined;
  /** Events that a part of the mirror has, which is scanned by one thread. */
  readonly partEvents?: number;
  /** Events that are folded between two notes of how far it is. */
  readonly pageEvents?: number;
  /** Makes known what folds look up, as of now. */
  readonly prepare?: () => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** In the transaction that switches, when the built tables are in place. */
  readonly onSwitch?: (db: ClientBase) => Promise<void>;
}

/** What one rebuild works with. */
export interface Building {
  readonly db: ClientBase;
  readonly types: EventTypes;
  readonly projections: readonly AnyProjection[];
  readonly run: RebuildRun;
  readonly writers: readonly TableWriter[];
  readonly options: RebuildOptions;
}

/** How a built table compares with the one that serves. */
export interface TableComparison {
  readonly rows: number;
  readonly comparison: Comparison;
}

export type Compared = ReadonlyMap<AnyProjection, TableComparison>;
