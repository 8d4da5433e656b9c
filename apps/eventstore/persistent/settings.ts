import type { FilterOptions, From } from '../protocol/read-request';

/** The groups of $all carry this name where those of a stream carry the stream's. */
export const allStream = '$all';

export const strategyNames = ['RoundRobin', 'DispatchToSingle', 'Pinned', 'PinnedByCorrelation'] as const;
export type StrategyName = (typeof strategyNames)[number];

export const isStrategyName = (name: string): name is StrategyName => strategyNames.some((known) => known === name);

/** What a group is told when it is made. Numbers are taken as they come, zeros and negative ones too. */
export interface GroupSettings {
  resolveLinks: boolean;
  extraStatistics: boolean;
  messageTimeoutMs: number;
  maxRetryCount: number;
  checkpointAfterMs: number;
  checkpointCountMin: number;
  checkpointCountMax: number;
  /** 0: no limit. A negative number lets nobody in. */
  subscribersMax: number;
  liveBufferSize: number;
  readBatchSize: number;
  historyBufferSize: number;
  strategy: string;
}

/** A group with everything that must survive a restart. */
export interface GroupDefinition {
  stream: string;
  group: string;
  startFrom: From;
  /** Where `end` was when the group was made, so that a restart does not move it. */
  startedAt: number | undefined;
  filter: FilterOptions | undefined;
  settings: GroupSettings;
}

export const groupId = ({ stream, group }: { stream: string; group: string }): string => `${stream}::${group}`;

/** The only sizes that the real server compares. */
export const refusalOfSizes = ({ readBatchSize, historyBufferSize }: GroupSettings): string | undefined =>
  readBatchSize >= historyBufferSize
    ? 'Specified argument was out of the range of valid values. ' +
      "(Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')"
    : undefined;

const batchEventsDefault = 20;
const batchEventsMin = 10;
const batchEventsMax = 100;

/** Events read at a time, as the real server bounds them. */
export const batchEvents = (readBatchSize: number): number => {
  const asked = readBatchSize === 0 ? batchEventsDefault : readBatchSize;
  return Math.max(1, Math.min(Math.max(readBatchSize, batchEventsMin), asked, batchEventsMax));
};
