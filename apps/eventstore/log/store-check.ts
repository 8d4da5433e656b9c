import { storePath } from './environment';
import { formatVersion } from './format';
import { entryId, entryPosition, indexKey, nameKey, positionFromKey } from './keys';
import { DamagedFile, PageFile, type Entry } from './page-file';
import { idOf, isIntact, isVoid, nameOf, positionOf, revisionOf } from './record';

/**
 * Looks at a store before it is opened: whether the file has all its pages, and whether the newest records, which
 * are what a broken disk or a careless copy spoils first, are intact and known to the index and the streams.
 * What lies further back is looked at by `verify` only, so a start takes the same time whatever the size.
 */
export class DamagedStore extends Error {
  override name = 'DamagedStore';
}

const recordsLookedAt = 256;

export const checkStore = (directory: string): void => {
  try {
    checkFile(storePath(directory));
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    throw new DamagedStore(
      `${storePath(directory)} is damaged: ${error.message}. Nothing was changed. ` +
        `What a repair would cut says: eventstore repair --data ${directory}`,
    );
  }
};

const checkFile = (path: string): void => {
  const file = PageFile.open(path);
  try {
    if (!file.isFullLength) file.walk();
    const facts = readFacts(file);
    // Another version may mean something else by everything that follows; whoever opens the store decides on that.
    if (facts.get('format') !== formatVersion) return;
    checkNewest(file, parseEnd(facts.get('end')));
  } finally {
    file.close();
  }
};

export const readFacts = (file: PageFile): Map<string, string> => {
  const facts = new Map<string, string>();
  for (const { key, value } of file.entries(file.table('facts'))) facts.set(key.toString(), value.toString());
  return facts;
};

export interface RecordedEnd {
  nextPosition: number;
  nextStreamId: number;
  lastCreatedMs: number;
  records: number;
}

const nothing: RecordedEnd = { nextPosition: 0, nextStreamId: 1, lastCreatedMs: 0, records: 0 };

export const parseEnd = (text: string | undefined): RecordedEnd => {
  if (text === undefined) return nothing;
  const fields = parsed(text);
  const field = (name: keyof RecordedEnd): number => {
    const value: unknown = Reflect.get(fields, name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw new DamagedFile(`the recorded end of the log lacks ${name}`);
  };
  return {
    nextPosition: field('nextPosition'),
    nextStreamId: field('nextStreamId'),
    lastCreatedMs: field('lastCreatedMs'),
    records: field('records'),
  };
};

const parsed = (text: string): object => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new DamagedFile('the recorded end of the log is unreadable');
};

const checkNewest = (file: PageFile, end: RecordedEnd): void => {
  const log = file.table('log');
  const index = file.table('index');
  const streams = file.table('streams');
  if (log.entries !== end.records) {
    throw new DamagedFile(`the log has ${log.entries} records where ${end.records} were written`);
  }
  let seen = 0;
  let before = end.nextPosition;
  for (const entry of file.entries(log, undefined, true)) {
    const fault = faultOfRecord(entry);
    if (fault !== undefined) throw new DamagedFile(fault);
    const position = positionFromKey(entry.key);
    if (position >= before) throw new DamagedFile(`position ${position} stands where it cannot`);
    before = position;
    if (!isVoid(entry.value)) checkPlaces(file, { index, streams }, position, entry.value);
    seen += 1;
    if (seen === recordsLookedAt) return;
  }
};

/** What is wrong with a record, in words; undefined when nothing is. */
export const faultOfRecord = ({ key, value }: Entry): string | undefined => {
  if (key.length !== 8) return 'a position in the log is malformed';
  const position = positionFromKey(key);
  if (!isIntact(value)) return `the record at position ${position} does not match its checksum`;
  if (positionOf(value) !== position) return `the record at position ${position} belongs to ${positionOf(value)}`;
  return undefined;
};

type Tables = Record<'index' | 'streams', ReturnType<PageFile['table']>>;

const checkPlaces = (file: PageFile, { index, streams }: Tables, position: number, record: Buffer): void => {
  const stream = file.find(streams, nameKey(nameOf(record)));
  const where = `revision ${revisionOf(record)} of stream '${nameOf(record).toString()}' at position ${position}`;
  const entry = stream && file.find(index, indexKey(stream.readUIntBE(0, 6), revisionOf(record)));
  if (!entry) throw new DamagedFile(`${where} is missing in the index`);
  if (entryPosition(entry) !== position || entryId(entry) !== idOf(record)) {
    throw new DamagedFile(`${where} is not what the index has there`);
  }
};
