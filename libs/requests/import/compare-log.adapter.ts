import { Engine } from '../../platform/engine/engine';
import { requestCategory } from '../events';
import { KnownFile, readCases } from './csv-file.adapter';
import { Mapping } from './mapping';

/** Counts of one activity: in the file, and in the history that was made from it. */
export interface ActivityCount {
  readonly activity: string;
  readonly inFile: number;
  readonly inHistory: number;
}

export interface Comparison {
  readonly batch: string;
  readonly activities: readonly ActivityCount[];
  readonly cases: { readonly inFile: number; readonly inHistory: number };
  readonly equal: boolean;
}

const increment = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

const countFile = async (file: string, mapping: Mapping, known: KnownFile): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for await (const { steps } of readCases(file, mapping, known, () => undefined))
    for (const { activity } of steps) increment(counts, activity);
  return counts;
};

interface HistoryCounts {
  readonly activities: ReadonlyMap<string, number>;
  readonly cases: number;
}

/** What the log itself holds of a batch, read from its first event to its last. */
const countHistory = async (
  { store }: Engine,
  batch: string,
  onEvents: (events: number) => void,
): Promise<HistoryCounts> => {
  const activities = new Map<string, number>();
  let cases = 0;
  let events = 0;
  for await (const { type, metadata } of store.readAll([requestCategory])) {
    onEvents(++events);
    if (!metadata.origin.startsWith(`import:${batch}:`)) continue;
    if (type === 'RequestOpened') cases++;
    if (metadata.sourceActivity !== undefined) increment(activities, metadata.sourceActivity);
  }
  return { activities, cases };
};

/** Counts each activity anew from Casefold's own history and sets it beside what the file says. */
export const compareLog = async (
  engine: Engine,
  file: string,
  mapping: Mapping,
  known: KnownFile,
  onEvents: (events: number) => void,
): Promise<Comparison> => {
  const inFile = await countFile(file, mapping, known);
  const history = await countHistory(engine, known.batch, onEvents);
  const names = [...new Set([...inFile.keys(), ...history.activities.keys()])].sort();
  const activities = names.map((activity) => ({
    activity,
    inFile: inFile.get(activity) ?? 0,
    inHistory: history.activities.get(activity) ?? 0,
  }));
  const cases = { inFile: known.rowsOf.size, inHistory: history.cases };
  const equal = cases.inFile === cases.inHistory && activities.every((each) => each.inFile === each.inHistory);
  return { batch: known.batch, activities, cases, equal };
};
