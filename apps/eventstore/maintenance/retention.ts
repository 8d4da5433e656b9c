import { positionKey } from '../log/keys';
import { softDeletedAt } from '../log/metadata';
import { metadataPrefix } from '../log/names';
import type { PageFile } from '../log/page-file';
import { createdOf, dataOf, flagsOf, isRemoved, isVoid, nameOf, RecordFlag, revisionOf } from '../log/record';
import { decodeStream, metadataFrom } from '../log/streams';

/** Decides which events no reader is shown any more: hidden by $maxCount, $maxAge or $tb, or in a deleted stream. */
export type IsHiddenForGood = (record: Buffer) => boolean;

interface Bounds {
  firstKept: number;
  keptSinceMs: number;
}

/** Reads the metadata of all streams that have any; memory grows with their number. @param nowMs for $maxAge */
export const retentionOf = (file: PageFile, nowMs: number): IsHiddenForGood => {
  const bounds = new Map<string, Bounds>();
  const log = file.table('log');
  for (const { key, value } of file.entries(file.table('streams'))) {
    const { head, tombstone, metadataPosition } = decodeStream(value);
    // The names in the records decide, since a long name is cut in its key; such a stream simply keeps its events.
    const name = key.toString('latin1');
    if (name.startsWith(metadataPrefix)) bounds.set(name, { firstKept: head, keptSinceMs: 0 });
    // A tombstone itself has this revision, so it stays.
    else if (tombstone > 0) bounds.set(name, { firstKept: softDeletedAt, keptSinceMs: 0 });
    else if (metadataPosition > 0) {
      const record = file.find(log, positionKey(metadataPosition));
      if (record) bounds.set(name, boundsOf(record, head, nowMs));
    }
  }
  return (record) => {
    if (isVoid(record) || isRemoved(record)) return false;
    const found = bounds.get(nameOf(record).toString('latin1'));
    return found !== undefined && (revisionOf(record) < found.firstKept || createdOf(record) < found.keptSinceMs);
  };
};

const boundsOf = (metadata: Buffer, head: number, nowMs: number): Bounds => {
  const json = (flagsOf(metadata) & RecordFlag.json) !== 0;
  const { truncateBefore, maxCount, maxAgeMs } = metadataFrom(dataOf(metadata), json);
  return {
    firstKept: Math.max(truncateBefore ?? 0, maxCount === undefined ? 0 : head - maxCount + 1),
    keptSinceMs: maxAgeMs === undefined ? 0 : nowMs - maxAgeMs,
  };
};
