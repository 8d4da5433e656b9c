import { ClientBase, Pool } from 'pg';
import { withConnection } from '../../eventing/projections/connection.adapter';
import { ReportingColumn, ReportingView } from './view-columns';

/**
 * Everything at one position: views read in one transaction that sees what was committed when it began, and nothing later.
 *
 * Guarantee: rows come in the order of their key, compared byte by byte whatever the database's language, a batch at a time.
 */
const rowsPerFetch = 2_000;

/** A value as PostgreSQL's driver gives it: whole numbers of 64 bits as digits. */
export type ReportingValue = string | number | boolean | Date | object | null;
export type ReportingRow = Readonly<Record<string, ReportingValue>>;

/** What a snapshot is of. */
export interface SnapshotState {
  readonly position: string;
  readonly sequence: string;
  readonly generation: number;
  readonly quarantined: number;
  readonly projections: readonly { readonly name: string; readonly version: number }[];
}

export interface Snapshot {
  readonly state: SnapshotState;
  rows(view: ReportingView): AsyncGenerator<readonly ReportingRow[]>;
  /** Rows of a statement that orders them itself. */
  select(sql: string): AsyncGenerator<readonly ReportingRow[]>;
}

const stateSql = `
  select c.position, c.sequence, coalesce(c.generation, 1) as generation, c.quarantined::integer as quarantined,
    (select coalesce(json_agg(json_build_object('name', name, 'version', version) order by name, version), '[]')
     from projection_version where followed) as projections
  from reporting.completeness c order by c.position limit 1`;

const ordered = (view: ReportingView): string =>
  view.key
    .map((name) => view.columns.find((column): column is ReportingColumn => column.name === name))
    .map((column) => (column?.type === 'text' ? `${column.name} collate "C"` : column?.name))
    .join(', ');

const selectOf = (view: ReportingView): string =>
  `select ${view.columns.map(({ name }) => name).join(', ')} from reporting.${view.name} order by ${ordered(view)}`;

async function* fetched(db: ClientBase, sql: string): AsyncGenerator<readonly ReportingRow[]> {
  await db.query(`declare reported no scroll cursor for ${sql}`);
  try {
    for (;;) {
      const { rows } = await db.query<ReportingRow>(`fetch ${rowsPerFetch} from reported`);
      if (rows.length) yield rows;
      if (rows.length < rowsPerFetch) return;
    }
  } finally {
    await db.query('close reported');
  }
}

export const withSnapshot = <T>(pool: Pool, work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
  withConnection(pool, async (db) => {
    await db.query('begin isolation level repeatable read, read only');
    try {
      const { rows } = await db.query<SnapshotState>(stateSql);
      if (!rows[0]) throw new Error('the read models have no progress');
      const select = (sql: string) => fetched(db, sql);
      return await work({ state: rows[0], select, rows: (view) => select(selectOf(view)) });
    } finally {
      // Nothing was written; a connection that is gone has ended it already.
      await db.query('rollback').catch(() => undefined);
    }
  });
