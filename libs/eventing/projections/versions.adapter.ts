import { setTimeout as wait } from 'node:timers/promises';
import { AnyProjection, tableOf } from './projection';
import { claimEpoch, Progress, Queryable } from './projection-store.adapter';

/** Which versions of which projections have tables, and who keeps them up to date. */
export interface BuiltVersion {
  readonly name: string;
  readonly version: number;
  /** The worker that leads keeps it: it is as new as the checkpoint. */
  readonly followed: boolean;
  /** Otherwise, up to where it was kept. */
  readonly sequence: number;
}

interface VersionRow extends Omit<BuiltVersion, 'sequence'> {
  readonly sequence: string;
}

export const readVersions = async (db: Queryable): Promise<readonly BuiltVersion[]> => {
  const { rows } = await db.query<VersionRow>(
    `select name, version, followed, sequence from projection_version
     order by name, version limit 1000`,
  );
  return rows.map(({ sequence, ...row }) => ({ ...row, sequence: Number(sequence) }));
};

export const versionOf = (
  versions: readonly BuiltVersion[],
  { name, version }: Pick<AnyProjection, 'name' | 'version'>,
): BuiltVersion | undefined => versions.find((built) => built.name === name && built.version === version);

const builtPollMilliseconds = 50;

/** Waits, bounded, until whoever leads has built the tables of all projections. */
export const whenBuilt = async (
  db: Queryable,
  projections: readonly AnyProjection[],
  millisecondsMax: number,
): Promise<void> => {
  const until = performance.now() + millisecondsMax;
  for (;;) {
    const versions = await readVersions(db);
    if (projections.every((projection) => versionOf(versions, projection)) || performance.now() > until) return;
    await wait(builtPollMilliseconds);
  }
};

/** Notes that a table which is not followed is now complete up to a sequence. */
export const keptUpTo = async (
  db: Queryable,
  { name, version }: Pick<AnyProjection, 'name' | 'version'>,
  sequence: number,
): Promise<void> => {
  await db.query(`update projection_version set sequence = $3 where name = $1 and version = $2`, [
    name,
    version,
    sequence,
  ]);
};

/**
 * Takes the lead in the transaction that is open: whoever led before can no longer commit, and what this worker does not know is
 * left where it stands. Its own tables must be as new as the checkpoint by then.
 */
export const takeLead = async (db: Queryable, projections: readonly AnyProjection[]): Promise<Progress> => {
  const progress = await claimEpoch(db);
  const own = projections.map(tableOf);
  const table = `replace(name, '-', '_') || '_v' || version`;
  await db.query(
    `update projection_version set followed = false, sequence = $2 where followed and not ${table} = any($1)`,
    [own, progress.sequence],
  );
  await db.query(`update projection_version set followed = true where not followed and ${table} = any($1)`, [own]);
  return progress;
};
