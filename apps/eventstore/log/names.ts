/** Names with a meaning of their own. */
export const metadataPrefix = '$$';
export const isMetadataStream = (name: string): boolean => name.startsWith(metadataPrefix);
export const metadataStreamOf = (name: string): string => metadataPrefix + name;
export const originalStreamOf = (name: string): string => name.slice(metadataPrefix.length);

/** A stream that can be neither written nor anything else: the empty name, and the metadata of the empty name. */
export const isInvalidStreamName = (name: string): boolean => name === '' || name === metadataPrefix;

const hiddenFromAll = /^(\$epoch-information$|\$persistentsubscription-\$all::.*-(checkpoint|parked)$)/s;

/** The bookkeeping that the real server filters from every view of $all. */
export const isHiddenFromAll = (name: string): boolean => name.startsWith('$') && hiddenFromAll.test(name);

export const eventTypes = {
  metadata: Buffer.from('$metadata'),
  tombstone: Buffer.from('$streamDeleted'),
} as const;
