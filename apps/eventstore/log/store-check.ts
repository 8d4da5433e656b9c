import { storePath } from './environment';
import { formatVersion } from './format';
import { readJournal } from './journal';
import { following, type Frame } from './journal-frame';
import { entryId, entryPosition, indexKey, nameKey, positionFromKey } from './keys';
import { parseEnd, type LogEnd } from './log-end';
import { DamagedFile, PageFile, type Entry } from './page-file';
import { idOf, isIntact, isVoid, nameOf, positionOf, revisionOf } from './record';

/**
 * Looks at a store before it is opened: whether the file has all its pages, and whether the newest records, which
 * are what a broken disk or a careless copy spoils first, are intact and known to the index and the streams, and whether
 * the journal goes on where the file ends.
 * What lies further back is looked at by `verify` only, so a start takes the same time whatever the size.
 */
export class DamagedStore extends Error {
  override name = 'DamagedStore';
}

const recordsLookedAt = 256;

/** @returns what the journal has behind the end of the file @throws DamagedStore */
export const checkStore = (directory: string): Frame[] => {
  try {
    const end = checkFile(storePath(directory));
    return following(end ? readJournal(directory) : [], end?.nextPosition ?? 0);
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    throw new DamagedStore(
      `${storePath(directory)} is damaged: ${error.message}. Nothing was changed. ` +
        `What a repair would cut says: eventstore repair --data ${directory}`,
    );
  }
};

const checkFile = (path: string): LogEnd | undefined => {
  const file = PageFile.open(path);
  try {
    if (!file.isFullLength) file.walk();
    const facts = readFacts(file);
    // Another version may mean something else by everything that follows; whoever opens the store decides on that.
    if (facts.get('format') !== formatVersion) return undefined;
    const end = parseEnd(facts.get('end'));
    checkNewest(file, end);
    return end;
  } finally {
    file.close();
  }
};

export const readFacts = (file: PageFile): Map<string, string> => {
  const facts = new Map<string, string>();
  for (const { key, value } of file.entries(file.table('facts'))) facts.set(key.toString(), value.toString());
  return facts;
};

/** The end of the log as the file has it. */
export const readEnd = (file: PageFile): LogEnd => parseEnd(readFacts(file).get('end'));

const checkNewest = (file: PageFile, end: LogEnd): void => {
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
