import { ClientBase, Pool } from 'pg';
import { EventStore } from '../event-store.adapter';
import { EventTypes } from '../event-types';
import { withConnection } from './connection.adapter';
import { quarantineOf, refoldSince, TableWriter } from './fold-streams';
import { AnyProjection, tableOf } from './projection';
import { claimEpoch, Progress, readLastLogged, readProgress } from './projection-store.adapter';
import { rebuild } from './rebuild';
import { inTransaction } from './transaction.adapter';
import { keptUpTo, readVersions, takeLead, versionOf } from './versions.adapter';

/**
 * What a worker does before it follows the log: its tables are built where they are missing, caught up where another build was at
 * work meanwhile, and the log is the one that was mirrored.
 */
const catchUpEvents = 2_000;
const catchUpsMax = 20;

export interface Leading {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly types: EventTypes;
  readonly projections: readonly AnyProjection[];
  /** See `RebuildOptions.build`. */
  readonly build: string;
}

/** The log is not the one that the mirror was made from: following it would mix two histories. */
export class MirrorDiverged extends Error {
  override readonly name = 'MirrorDiverged';
}

/** @throws MirrorDiverged */
export const assumeLead = (leading: Leading): Promise<Progress> =>
  withConnection(leading.pool, async (db) => {
    await checkMirror(db, leading.store);
    await buildMissing(db, leading);
    await catchUp(db, leading);
    return inTransaction(db, async () => {
      const { sequence } = await claimEpoch(db);
      await foldUpTo(db, leading, sequence);
      return takeLead(db, leading.projections);
    });
  });

const buildMissing = async (db: ClientBase, { pool, types, projections, build }: Leading): Promise<void> => {
  const versions = await readVersions(db);
  const missing = projections.filter((projection) => !versionOf(versions, projection));
  if (missing.length) await rebuild(pool, types, missing, { build, startedBy: 'worker' });
};

/** Tables that nobody kept while another build led are brought near the checkpoint before it is held still for the rest. */
const catchUp = async (db: ClientBase, leading: Leading): Promise<void> => {
  for (let rounds = 0; rounds < catchUpsMax; rounds++) {
    const { sequence } = await readProgress(db);
    const folded = await inTransaction(db, () => foldUpTo(db, leading, sequence));
    if (folded < catchUpEvents) return;
  }
};

/** @returns how many events the most backward of them lacked */
const foldUpTo = async (db: ClientBase, { types, projections }: Leading, sequence: number): Promise<number> => {
  const versions = await readVersions(db);
  const behind = projections.flatMap((projection) => {
    const version = versionOf(versions, projection);
    return version && !version.followed && version.sequence < sequence ? [{ projection, from: version.sequence }] : [];
  });
  if (!behind.length) return 0;
  const from = Math.min(...behind.map((each) => each.from));
  const failures = quarantineOf(db);
  const writers = behind.map(({ projection }) => new TableWriter(db, failures, projection, tableOf(projection)));
  await refoldSince(db, types, writers, from);
  for (const { projection } of behind) await keptUpTo(db, projection, sequence);
  return sequence - from;
};

/** The newest copy must be found in the log, where it says that it is. */
const checkMirror = async (db: ClientBase, store: EventStore): Promise<void> => {
  const last = await readLastLogged(db);
  if (!last) return;
  const event = await store.readOne(last.stream, last.revision);
  if (event?.id === last.id && event.position === last.position) return;
  const found = event ? `event ${event.id} at ${event.position}` : 'nothing';
  throw new MirrorDiverged(
    `the mirror ends with event ${last.id} at ${last.position}, but revision ${last.revision} of ${last.stream} is ${found}`,
  );
};
