import type { Frame } from '../log/journal-frame';
import { entryId, entryPosition, positionFromKey, revisionFromKey } from '../log/keys';
import type { Entry, PageFile } from '../log/page-file';
import { faultOfRecord } from '../log/store-check';
import { decodeStream } from '../log/streams';
import type { PlacedRecord } from './build';

/**
 * Gathers what a damaged file still has: the records that are intact, wherever they are, and from the index and the
 * streams what is known of those that are not. The journal's are taken like any other.
 */
export interface Salvage {
  faults: string[];
  /** Intact records, by position. */
  records(): Iterable<PlacedRecord>;
  /** Events whose record is lost, by position. */
  lost: LostEvent[];
  facts: Map<string, string>;
  /** Last revision by stream, as far as it can be read. */
  heads: Map<string, number>;
}

export interface LostEvent {
  position: number;
  /** Missing when neither index nor streams know. */
  place: { stream: string; revision: number; id: string } | undefined;
}

const faultsMax = 20;

export const salvage = (file: PageFile, frames: readonly Frame[], faults: string[]): Salvage => {
  let torn = false;
  const note = (fault: string): void => {
    if (faults.length < faultsMax) faults.push(fault);
  };
  const onDamage = (fault: string): void => {
    torn = true;
    note(fault);
  };
  const log = file.table('log', onDamage);
  const lostPositions = new Set<number>();
  const sound: number[] = [];
  for (const entry of file.entries(log, onDamage)) {
    const fault = faultOfRecord(entry);
    if (fault === undefined && positionFromKey(entry.key) > (sound.at(-1) ?? 0)) sound.push(positionFromKey(entry.key));
    else {
      note(fault ?? 'a record stands in the wrong place');
      if (entry.key.length === 8) lostPositions.add(positionFromKey(entry.key));
    }
  }
  const facts = new Map<string, string>();
  for (const { key, value } of file.entries(file.table('facts', onDamage), onDamage)) {
    facts.set(key.toString(), value.toString());
  }
  const { names, heads } = readNames(file, frames, onDamage);
  const index = [...placesIn(file.entries(file.table('index', onDamage), onDamage))];
  const journal = frames.flatMap(({ records, index }) => [...records, ...index]);
  const stray = strays(chained(journal, torn ? file.strayEntries() : []), new Set(sound));
  const kept = new Set([...sound, ...stray.records.map(({ position }) => position)]);
  const places = new Map<number, IndexPlace>();
  for (const place of [...stray.places, ...index]) if (!kept.has(place.position)) places.set(place.position, place);
  const lost = [...new Set([...lostPositions, ...places.keys()])].sort((a, b) => a - b);
  return {
    faults,
    records: () => merged(soundRecords(file, log), stray.records),
    lost: lost.map((position) => ({ position, place: known(places.get(position), names) })),
    facts,
    heads,
  };
};

interface IndexPlace {
  position: number;
  streamId: number;
  revision: number;
  id: string;
}

const known = (place: IndexPlace | undefined, names: Map<number, string>): LostEvent['place'] => {
  const stream = place && names.get(place.streamId);
  return stream === undefined ? undefined : { stream, revision: place!.revision, id: place!.id };
};

const chained = function* (first: Iterable<Entry>, second: Iterable<Entry>): Generator<Entry> {
  yield* first;
  yield* second;
};

const readNames = (
  file: PageFile,
  frames: readonly Frame[],
  onDamage: (fault: string) => void,
): { names: Map<number, string>; heads: Map<string, number> } => {
  const names = new Map<number, string>();
  const heads = new Map<string, number>();
  const stored = file.entries(file.table('streams', onDamage), onDamage);
  for (const { key, value } of chained(
    stored,
    frames.flatMap(({ streams }) => streams),
  )) {
    // A long name is cut in its key; only its records know the rest.
    if (value.length < 24 || key.includes(0xff)) continue;
    const { id, head } = decodeStream(value);
    names.set(id, key.toString());
    heads.set(key.toString(), Math.max(head, heads.get(key.toString()) ?? -1));
  }
  return { names, heads };
};

const placesIn = function* (entries: Iterable<Entry>): Generator<IndexPlace> {
  for (const { key, value } of entries) {
    if (key.length !== 12 || value.length !== 24) continue;
    const [position, streamId] = [entryPosition(value), key.readUIntBE(0, 6)];
    yield { position, streamId, revision: revisionFromKey(key), id: entryId(value) };
  }
};

const soundRecords = function* (file: PageFile, log: ReturnType<PageFile['table']>): Generator<PlacedRecord> {
  let last = 0;
  for (const entry of file.entries(log, () => undefined)) {
    if (faultOfRecord(entry) !== undefined || positionFromKey(entry.key) <= last) continue;
    last = positionFromKey(entry.key);
    yield { position: last, record: entry.value };
  }
};

// The journal, and pages that no tree leads to any more. Old ones say the same as newer ones: records never change.
const strays = (entries: Iterable<Entry>, sound: Set<number>): { records: PlacedRecord[]; places: IndexPlace[] } => {
  const records = new Map<number, PlacedRecord>();
  const places: IndexPlace[] = [];
  for (const entry of entries) {
    if (entry.key.length === 12) places.push(...placesIn([entry]));
    else if (entry.key.length === 8 && faultOfRecord(entry) === undefined) {
      const position = positionFromKey(entry.key);
      if (!sound.has(position)) records.set(position, { position, record: Buffer.from(entry.value) });
    }
  }
  return { records: [...records.values()].sort((a, b) => a.position - b.position), places };
};

/** Two lists in order of position as one. */
export const merged = function* (
  first: Iterable<PlacedRecord>,
  second: readonly PlacedRecord[],
): Generator<PlacedRecord> {
  let next = 0;
  for (const placed of first) {
    while (next < second.length && second[next]!.position < placed.position) yield second[next++]!;
    yield placed;
  }
  yield* second.slice(next);
};
