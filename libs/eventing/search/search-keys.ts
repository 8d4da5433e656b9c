import { KeyStore } from '../keys/key-store.adapter';

/** The keys of the indexes: `search-1`, `search-2`, …; the newest is the one that is wanted, older ones go when no table needs them. */
const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));

export const isOlderKey = (id: string, than: string): boolean => numberOf(id) < numberOf(than);

const newestOf = (ids: readonly string[]): number => Math.max(0, ...ids.map(numberOf));

/** Id of the newest key; the first is made when there is none. */
export const newestKey = async (store: KeyStore): Promise<string> => {
  const newest = newestOf(await store.searchKeys());
  return newest ? `search-${newest}` : makeNewerKey(store);
};

/** Makes a key that every index is to be built anew under. @returns its id */
export const makeNewerKey = async (store: KeyStore): Promise<string> => {
  const id = `search-${newestOf(await store.searchKeys()) + 1}`;
  await store.createSearchKey(id);
  return id;
};
