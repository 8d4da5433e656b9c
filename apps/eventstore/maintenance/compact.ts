import { statSync } from 'node:fs';
import { lockDirectory } from '../log/directory-lock';
import { storePath } from '../log/environment';
import { removeJournal } from '../log/journal';
import { positionFromKey } from '../log/keys';
import { parseEnd } from '../log/log-end';
import { PageFile } from '../log/page-file';
import { stubOf } from '../log/record';
import { readFacts } from '../log/store-check';
import { buildStore, discardBuilt, replaceStore, type PlacedRecord } from './build';
import { retentionOf } from './retention';
import { settle } from './settle';
import { verify } from './verify';

export interface Compacted {
  removed: number;
  bytesBefore: number;
  bytesAfter: number;
}

/**
 * Rewrites the store without the contents of events that no reader is shown any more, and gives their disk space back.
 * Every event keeps its place: what is removed leaves a stub with its id, stream, revision and position. So positions,
 * checkpoints and revisions stay what they were, and an append that is repeated at its exact revision is still known.
 * The store must not be in use and must be sound; it needs room for the new file beside the old one.
 */
export const compact = async (directory: string, nowMs: number): Promise<Compacted> => {
  const unlock = lockDirectory(directory);
  try {
    await settle(directory);
    const file = PageFile.open(storePath(directory));
    let removed = 0;
    try {
      verify(file);
      const isHidden = retentionOf(file, nowMs);
      const records = function* (): Generator<PlacedRecord> {
        for (const { key, value } of file.entries(file.table('log'))) {
          const hidden = isHidden(value);
          if (hidden) removed += 1;
          yield { position: positionFromKey(key), record: hidden ? stubOf(value) : value };
        }
      };
      const facts = readFacts(file);
      await buildStore(directory, records(), parseEnd(facts.get('end')), facts);
      const bytesBefore = file.bytes;
      replaceStore(directory);
      // It may still have what was removed.
      removeJournal(directory);
      return { removed, bytesBefore, bytesAfter: statSync(storePath(directory)).size };
    } finally {
      file.close();
      discardBuilt(directory);
    }
  } finally {
    unlock();
  }
};
