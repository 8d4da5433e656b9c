import { prepared } from './prepared';
import { AnyProjection, FoldFailure } from './projection';
import { Queryable } from './projection-store.adapter';

/** Keys that stand still in a projection, because of an event that it cannot fold. */
const quarantineRowsMax = 10_000;

export interface Quarantined extends FoldFailure {
  readonly projection: string;
  readonly version: number;
  readonly since: Date;
}

export const quarantine = async (
  db: Queryable,
  { name, version }: Pick<AnyProjection, 'name' | 'version'>,
  failures: readonly FoldFailure[],
): Promise<void> => {
  for (const { key, revision, sequence, eventId, error } of failures)
    await db.query(
      `insert into projection_quarantine (projection, version, key, revision, sequence, event_id, error)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (projection, version, key) do nothing`,
      [name, version, key, revision, sequence, eventId, error],
    );
};

/** Lets keys go on; whoever does this has folded them. */
export const release = async (
  db: Queryable,
  { name, version }: Pick<AnyProjection, 'name' | 'version'>,
  keys: readonly string[],
): Promise<void> => {
  await db.query(`delete from projection_quarantine where projection = $1 and version = $2 and key = any($3)`, [
    name,
    version,
    keys,
  ]);
};

/** What stands still in the versions that serve, longest first. */
export const readQuarantine = async (db: Queryable): Promise<readonly Quarantined[]> => {
  const { rows } = await db.query<Omit<Quarantined, 'sequence'> & { sequence: string }>(
    `select q.projection, q.version, q.key, q.revision, q.sequence, q.event_id as "eventId", q.error, q.since
     from projection_quarantine q join projection_version v on v.name = q.projection and v.version = q.version and v.followed
     order by q.since, q.projection, q.key limit ${quarantineRowsMax}`,
  );
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
};

/** Every key that stands still in these projections; however many there are, a batch must pass none of them by. */
export const quarantinedKeys = async (
  db: Queryable,
  { name, version }: Pick<AnyProjection, 'name' | 'version'>,
): Promise<ReadonlySet<string>> => {
  const { rows } = await db.query<{ key: string }>(
    `select key from projection_quarantine where projection = $1 and version = $2 order by key`,
    [name, version],
  );
  return new Set(rows.map(({ key }) => key));
};

/** Where the read models are. */
export interface Reach {
  readonly position: bigint;
  /** Everything that was recorded until then is in the read models; null when nothing ever was. */
  readonly asOf: Date | null;
  /** How many keys stand still, over all projections. */
  readonly standing: number;
  /** How many streams processes have left behind. */
  readonly held: number;
}

export const readReach = async (db: Queryable): Promise<Reach> => {
  const { rows } = await db.query<{ position: string; asOf: Date | null; standing: string; held: string }>(
    prepared(`select position, as_of as "asOf", (select count(*) from projection_quarantine q
       join projection_version v on v.name = q.projection and v.version = q.version and v.followed) as standing,
       (select count(*) from process_held) as held
     from projection_progress where name = 'main'`),
  );
  if (!rows[0]) throw new Error('the projections have no progress row');
  const { position, asOf, standing, held } = rows[0];
  return { position: BigInt(position), asOf, standing: Number(standing), held: Number(held) };
};

/** Projections in which a key stands still. */
export const projectionsWithout = async (db: Queryable, key: string): Promise<readonly string[]> => {
  const { rows } = await db.query<{ projection: string }>(
    `select q.projection from projection_quarantine q
     join projection_version v on v.name = q.projection and v.version = q.version and v.followed
     where q.key = $1 order by q.projection limit 100`,
    [key],
  );
  return rows.map(({ projection }) => projection);
};

/** The revisions at which some keys stand still. */
export const quarantinedRevisions = async (
  db: Queryable,
  { name, version }: Pick<AnyProjection, 'name' | 'version'>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await db.query<{ key: string; revision: number }>(
    `select key, revision from projection_quarantine where projection = $1 and version = $2 and key = any($3)
     order by key limit $4`,
    [name, version, keys, keys.length],
  );
  return new Map(rows.map(({ key, revision }) => [key, revision]));
};
