import { randomUUID } from 'node:crypto';
import { ClientBase } from 'pg';
import { Failures } from './fold-streams';
import { AnyProjection, RebuildReport, tableOf } from './projection';
import { Queryable, readProgress } from './projection-store.adapter';

/** How far a rebuild is, so that one that was killed is continued and one that is done is told. */
export interface RebuildRun {
  readonly id: string;
  /** Where the checkpoint was when it began: what came later is folded again at the end. */
  readonly startedSequence: number;
  /** Sequence up to which the built tables are complete; null while the mirror is being read. */
  readonly reached: number | null;
}

interface RunRow {
  readonly id: string;
  readonly started: string;
  readonly reached: string | null;
}

const targetsOf = (projections: readonly AnyProjection[]): string => projections.map(tableOf).sort().join(' ');

/** The run that was interrupted, if the same code was building the same tables. */
export const interruptedRun = async (
  db: Queryable,
  projections: readonly AnyProjection[],
  build: string,
): Promise<RebuildRun | undefined> => {
  const { rows } = await db.query<RunRow>(
    `select id, started_sequence as started, reached
     from projection_rebuild where finished_at is null and targets = $1 and build = $2 order by started_at desc, id limit 1`,
    [targetsOf(projections), build],
  );
  return rows[0] && runOf(rows[0]);
};

const runOf = ({ id, started, reached }: RunRow): RebuildRun => ({
  ...{ id, startedSequence: Number(started), reached: reached === null ? null : Number(reached) },
});

/** Begins anew; whatever else was interrupted is given up. */
export const beginRun = async (
  db: Queryable,
  projections: readonly AnyProjection[],
  build: string,
  startedBy: string,
): Promise<RebuildRun> => {
  await db.query(`delete from projection_rebuild where finished_at is null`);
  const { sequence } = await readProgress(db);
  const { rows } = await db.query<RunRow>(
    `insert into projection_rebuild (id, targets, build, started_by, started_sequence) values ($1, $2, $3, $4, $5)
     returning id, started_sequence as started, reached`,
    [randomUUID(), targetsOf(projections), build, startedBy, sequence],
  );
  if (!rows[0]) throw new Error('the rebuild was not noted');
  return runOf(rows[0]);
};

export const saveReached = async (db: Queryable, { id }: RebuildRun, reached: number): Promise<void> => {
  await db.query(`update projection_rebuild set reached = $2 where id = $1`, [id, reached]);
};

export const finishRun = async (db: Queryable, { id }: RebuildRun, report: readonly RebuildReport[]): Promise<void> => {
  await db.query(`update projection_rebuild set finished_at = now(), report = $2, recorded = $3 where id = $1`, [
    id,
    JSON.stringify(report),
    // The first tables of an empty log are nothing to tell of.
    report.every(({ events }) => events === 0),
  ]);
};

/** @param id of the run */
export const failuresOf = (db: ClientBase, id: string): Failures => ({
  add: async ({ name }, failures) => {
    for (const { key, revision, sequence, eventId, error } of failures)
      await db.query(
        `insert into projection_rebuild_failure values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [id, name, key, revision, sequence, eventId, error],
      );
  },
  clear: async ({ name }, keys) => {
    await db.query(`delete from projection_rebuild_failure where rebuild = $1 and projection = $2 and key = any($3)`, [
      id,
      name,
      keys,
    ]);
  },
});

/** What the built table could not fold is what stands still from now on. @returns how many keys */
export const adoptFailures = async (
  db: Queryable,
  { id }: RebuildRun,
  { name, version }: AnyProjection,
): Promise<number> => {
  await db.query(`delete from projection_quarantine where projection = $1 and version = $2`, [name, version]);
  const { rowCount } = await db.query(
    `insert into projection_quarantine (projection, version, key, revision, sequence, event_id, error)
     select projection, $3, key, revision, sequence, event_id, error from projection_rebuild_failure
     where rebuild = $1 and projection = $2`,
    [id, name, version],
  );
  return rowCount ?? 0;
};

export interface FinishedRun {
  readonly id: string;
  readonly startedBy: string;
  readonly build: string;
  readonly finishedAt: Date;
  readonly report: readonly RebuildReport[];
}

const unrecordedMax = 100;

/** Rebuilds whose event is not in the log yet. */
export const unrecordedRuns = async (db: Queryable): Promise<readonly FinishedRun[]> => {
  const { rows } = await db.query<FinishedRun>(
    `select id, started_by as "startedBy", build, finished_at as "finishedAt", report from projection_rebuild
     where finished_at is not null and not recorded order by finished_at, id limit ${unrecordedMax}`,
  );
  return rows;
};

export const markRecorded = async (db: Queryable, { id }: FinishedRun): Promise<void> => {
  await db.query(`update projection_rebuild set recorded = true where id = $1`, [id]);
};
