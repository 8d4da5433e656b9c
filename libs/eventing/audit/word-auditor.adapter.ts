import { categoryOf, keyOf, streamOf } from '../event';
import { IndexRows } from '../search/index-rows';
import { indexTableOf, SearchIndex } from '../search/search-index';
import { differingDocuments, readGenerations } from '../search/search-store.adapter';
import { Auditor, Mismatch, streamsWithoutHistory } from './auditor';

/**
 * Documents of the words by which something is found, in the tables that searches go by.
 *
 * Guarantee: a table is compared with the log as it was at the sequence that is noted with it, so that neither a table that follows
 * behind nor one that is being built under another key differs for that. What the log says is to be forgotten must not stand there; of
 * a document some texts of which cannot be read any more, though the log does not say so yet, the words of the others must.
 */
export const wordAuditor = (rows: IndexRows, indexes: readonly SearchIndex[]): Auditor => ({
  inTables: async (db, stories) => {
    const found: Mismatch[] = [];
    for (const index of indexes) {
      const own = stories.filter(({ stream }) => categoryOf(stream) === index.category);
      const [at] = await readGenerations(db, index);
      if (!own.length || !at?.serving) continue;
      const tell = (key: string, detail: string): void => {
        found.push({ stream: streamOf(index.category, key), part: index.name, detail });
      };
      const keys = new Set(own.map(({ stream }) => keyOf(stream)));
      const events = own.flatMap(({ logged }) => logged.filter(({ sequence }) => sequence <= at.sequence));
      const expected = await rows.of(db, index, at.keyId, events, at.sequence, (key) => {
        keys.delete(key);
        tell(key, 'no document can be made of its history');
      });
      for (const { key, detail } of await differingDocuments(db, index, at.keyId, [...keys], expected))
        tell(key, detail);
    }
    return found;
  },
  orphans: async (db) => {
    const found: Mismatch[] = [];
    for (const index of indexes) {
      const [at] = await readGenerations(db, index);
      if (!at?.serving) continue;
      for (const stream of await streamsWithoutHistory(db, indexTableOf(index, at.keyId), index.category))
        found.push({ stream, part: index.name, detail: 'it has a document and should have none' });
    }
    return found;
  },
});
