import { open, type Transaction } from 'lmdb';
import { mapBytes, storePath } from '../log/environment';
import { readJournal } from '../log/journal';
import { following, type Frame } from '../log/journal-frame';
import { DamagedFile, PageFile } from '../log/page-file';
import { readEnd } from '../log/store-check';

/**
 * The store as it is at one moment, for a process beside the server. LMDB lets several processes share a file: a read
 * transaction held here keeps the server from using the pages of that moment again, so the server neither waits nor
 * knows. (Inside the server this would not do: it closes and reopens its file now and then, see `EventLog.remap`.)
 * The journal is read before the database is: what is taken out of it in between is in the database then.
 * What is pinned grows with what is written meanwhile, so a snapshot is for minutes, not for days.
 */
export interface Snapshot {
  file: PageFile;
  /** What was stored behind it. */
  frames: Frame[];
  /** Writes the file as it is now to another path, which may be later than the snapshot. */
  copyTo(path: string): Promise<void>;
  close(): Promise<void>;
}

/** A server may write over what is being read, so a gap in the journal is believed when it is found again and again. */
const attemptsMax = 5;

export const takeSnapshot = async (directory: string): Promise<Snapshot> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptSnapshot(directory);
    } catch (error) {
      if (!(error instanceof DamagedFile) || attempt === attemptsMax) throw error;
    }
  }
};

const attemptSnapshot = async (directory: string): Promise<Snapshot> => {
  const journal = readJournal(directory);
  const pinned = pin(storePath(directory));
  try {
    return { ...pinned, frames: following(journal, readEnd(pinned.file).nextPosition) };
  } catch (error) {
    await pinned.close();
    throw error;
  }
};

const pin = (path: string): Omit<Snapshot, 'frames'> => {
  // Looked at before LMDB maps it; a file that is cut short would end this process in the middle of a read.
  PageFile.open(path).close();
  const root = open<Buffer, Buffer>({
    path,
    noSubdir: true,
    readOnly: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    mapSize: mapBytes,
    maxDbs: 16,
  });
  const transaction: Transaction = root.useReadTransaction();
  const file = PageFile.open(path);
  return {
    file,
    copyTo: (target) => root.backup(target, false),
    close: async () => {
      file.close();
      transaction.done();
      await root.close();
    },
  };
};
