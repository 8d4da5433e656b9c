import type { LogReader } from './log-reader';
import type { Stream } from './streams';

/** The first revision that reads of a stream show: metadata hides what is older. */
export const firstVisible = (reader: LogReader, stream: Stream, nowMs: number): number => {
  const { maxCount, maxAgeMs, truncateBefore } = stream.metadata;
  const first = Math.max(truncateBefore ?? 0, maxCount === undefined ? 0 : stream.head - maxCount + 1, 0);
  return maxAgeMs === undefined || first > stream.head ? first : reader.firstSince(stream, first, nowMs - maxAgeMs);
};
