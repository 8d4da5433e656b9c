import { crc32 } from 'node:zlib';
import { dataOf, eventOf, isLink, nameOf } from '../log/record';
import { Reader } from '../protobuf/reader';

/** As many as on the real server, which counts by another hash; events that share a bucket share a consumer. */
const bucketCount = 1_024;
const bucketOf = (text: string): number => crc32(text) % bucketCount;

/** Tells the bucket of an event: of its record, and of what that links to where links are followed. */
export type Bucketing = (record: Buffer, target: Buffer | null | undefined) => number;

export const bucketingOf = (strategy: string): Bucketing => {
  if (strategy === 'Pinned') return (record, target) => bucketOf(sourceStream(target ?? record));
  if (strategy !== 'PinnedByCorrelation') return () => 0;
  return (record, target) => bucketOf(correlationOf(target ?? record) ?? sourceStream(target ?? record));
};

/** The stream of the event itself, also when only the link is at hand. */
const sourceStream = (record: Buffer): string => {
  if (!isLink(record)) return nameOf(record).toString('utf8');
  const text = dataOf(record).toString('utf8');
  return text.slice(text.indexOf('@') + 1);
};

const metadataField = 7;

const correlationOf = (record: Buffer): string | undefined => {
  const reader = new Reader(eventOf(record));
  while (reader.next()) {
    if (reader.field === metadataField) return correlationIn(reader.bytes().toString('utf8'));
    reader.skip();
  }
  return undefined;
};

const correlationIn = (json: string): string | undefined => {
  try {
    const metadata: unknown = JSON.parse(json);
    if (typeof metadata !== 'object' || metadata === null) return undefined;
    const id: unknown = Reflect.get(metadata, '$correlationId');
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
};
