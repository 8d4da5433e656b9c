import { Pool } from 'pg';
import { streamOf } from '../event';
import { EventTypes } from '../event-types';
import { withConnection } from './connection.adapter';
import { quarantineOf, refoldStreams, TableWriter } from './fold-streams';
import { AnyProjection, tableOf } from './projection';
import { claimEpoch } from './projection-store.adapter';
import { quarantinedKeys } from './quarantine.adapter';
import { inTransaction } from './transaction.adapter';

export interface Retried {
  readonly projection: string;
  /** Keys that were folded again, from their first event. */
  readonly retried: number;
  /** Keys that still stand still. */
  readonly still: number;
}

/**
 * Folds again what stands still, one transaction for each projection. The checkpoint is held still meanwhile, so that the
 * events which have waited behind the failed one are all there.
 */
export const retryQuarantined = (
  pool: Pool,
  types: EventTypes,
  projections: readonly AnyProjection[],
  wanted?: readonly string[],
): Promise<readonly Retried[]> =>
  withConnection(pool, async (db) => {
    const retried: Retried[] = [];
    for (const projection of projections) {
      const keys = await retryKeys(projection);
      retried.push({ projection: projection.name, ...keys });
    }
    return retried;

    async function retryKeys(projection: AnyProjection): Promise<Omit<Retried, 'projection'>> {
      const waiting = [...(await quarantinedKeys(db, projection))];
      const keys = wanted ? waiting.filter((key) => wanted.includes(key)) : waiting;
      if (!keys.length) return { retried: 0, still: 0 };
      const writer = new TableWriter(db, quarantineOf(db), projection, tableOf(projection));
      return inTransaction(db, async () => {
        // A worker finds the epoch changed and looks at the list of those that stand still anew.
        await claimEpoch(db);
        await refoldStreams(
          db,
          types,
          [writer],
          keys.map((key) => streamOf(projection.category, key)),
        );
        const left = await quarantinedKeys(db, projection);
        return { retried: keys.length, still: keys.filter((key) => left.has(key)).length };
      });
    }
  });
