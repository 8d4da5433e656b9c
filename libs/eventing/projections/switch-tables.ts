import { refoldStreams } from './fold-streams';
import { AnyProjection, RebuildReport, tableOf } from './projection';
import { claimEpoch, dropTable, streamsSince } from './projection-store.adapter';
import { Building, Compared } from './building';
import { adoptFailures, finishRun } from './rebuild-run.adapter';
import {
  builtTableOf,
  compareStreams,
  Comparison,
  lockAgainstReaders,
  previousTableOf,
  putInPlace,
  servingTable,
} from './switch.adapter';
import { inTransaction } from './transaction.adapter';

const samplesMax = 10;

const together = (one: Comparison, other: Comparison): Comparison => ({
  differing: one.differing + other.differing,
  samples: [...one.samples, ...other.samples].slice(0, samplesMax),
});

/** The one transaction in which the built tables take the places of those that served. */
export const switchTables = async (
  building: Building,
  compared: Compared,
  reached: number,
): Promise<readonly RebuildReport[]> => {
  const { db, types, projections, run, writers, options } = building;
  for (const projection of projections) await dropTable(db, previousTableOf(projection));
  return inTransaction(db, async () => {
    // A worker that is mid-batch waits for this row and then finds the epoch changed: it starts over from the new tables.
    const { sequence } = await claimEpoch(db);
    await options.prepare?.();
    const streams = await streamsSince(db, reached);
    await refoldStreams(db, types, writers, streams);
    const last = await compareLast(building, streams);
    await lockAgainstReaders(db, await placesOf(building));
    const reports: RebuildReport[] = [];
    for (const projection of projections) {
      await putInPlace(db, projection, sequence);
      const { rows, comparison } = compared.get(projection) ?? { rows: 0, comparison: none };
      const { differing, samples } = together(comparison, last.get(projection) ?? none);
      const quarantined = await adoptFailures(db, run, projection);
      const { name, version } = projection;
      reports.push({ projection: name, version, rows, events: sequence, differing, samples, quarantined });
    }
    await options.onSwitch?.(db);
    await finishRun(db, run, reports);
    return reports;
  });
};

const none: Comparison = { differing: 0, samples: [] };

const compareLast = async (
  { db, projections }: Building,
  streams: readonly string[],
): Promise<ReadonlyMap<AnyProjection, Comparison>> => {
  const last = new Map<AnyProjection, Comparison>();
  if (streams.length)
    for (const projection of projections) {
      const serving = await servingTable(db, projection);
      if (serving)
        last.set(projection, await compareStreams(db, projection, serving, builtTableOf(projection), streams));
    }
  return last;
};

/** Tables of these versions that are read now. */
const placesOf = async ({ db, projections }: Building): Promise<readonly string[]> => {
  const places: string[] = [];
  for (const projection of projections) {
    const table = tableOf(projection);
    if ((await servingTable(db, projection)) === table) places.push(table);
  }
  return places;
};
