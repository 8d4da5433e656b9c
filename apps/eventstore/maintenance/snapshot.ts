import { open, type Transaction } from 'lmdb';
import { mapBytes, storePath } from '../log/environment';
import { PageFile } from '../log/page-file';

/**
 * The store as it is at one moment, for a process beside the server. LMDB lets several processes share a file: a read
 * transaction held here keeps the server from using the pages of that moment again, so the server neither waits nor
 * knows. (Inside the server this would not do: it closes and reopens its file now and then, see `EventLog.remap`.)
 * What is pinned grows with what is written meanwhile, so a snapshot is for minutes, not for days.
 */
export interface Snapshot {
  file: PageFile;
  /** Writes the snapshot's pages to another path. */
  copyTo(path: string): Promise<void>;
  close(): Promise<void>;
}

export const takeSnapshot = (directory: string): Snapshot => {
  const path = storePath(directory);
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
  const pin: Transaction = root.useReadTransaction();
  const file = PageFile.open(path);
  return {
    file,
    copyTo: (target) => root.backup(target, false),
    close: async () => {
      file.close();
      pin.done();
      await root.close();
    },
  };
};
