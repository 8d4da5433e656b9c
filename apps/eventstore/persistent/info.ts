import { Writer } from '../protobuf/writer';
import type { Consumer } from './consumer';
import { placeText, startText } from './places';
import type { RunningGroup } from './running-group';
import type { GroupState } from './group';
import type { Measured } from './statistics';

/** The caller of an insecure node. */
const username = 'system';
const int32Min = -(2 ** 31);

/** A group as a SubscriptionInfo message. */
export const groupInfo = ({ definition, group, parked, statistics }: RunningGroup): Writer => {
  const { stream, settings } = definition;
  const measured = statistics.measure(group);
  const { state } = group;
  const place = (at: number | undefined): string => (at === undefined ? '' : placeText(stream, at));
  const info = new Writer().string(1, stream).string(2, definition.group).string(3, statusOf(state));
  for (const [consumer, rates] of measured.consumers) info.message(4, connectionInfo(consumer, rates));
  return info
    .uint(5, measured.group.perSecond)
    .uint(6, measured.group.total)
    .uint(7, measured.group.since)
    .string(8, place(state.lastCheckpoint))
    .string(9, place(state.lastKnown))
    .bool(10, settings.resolveLinks)
    .string(11, startText(stream, definition.startFrom))
    .uint(12, BigInt(settings.messageTimeoutMs))
    .bool(13, settings.extraStatistics)
    .uint(14, BigInt(settings.maxRetryCount))
    .uint(15, BigInt(settings.liveBufferSize))
    .uint(16, BigInt(settings.historyBufferSize))
    .uint(17, BigInt(settings.readBatchSize))
    .uint(18, BigInt(shownInterval(settings.checkpointAfterMs)))
    .uint(19, BigInt(settings.checkpointCountMin))
    .uint(20, BigInt(settings.checkpointCountMax))
    .uint(21, state.buffered)
    .uint(22, state.live)
    .uint(23, state.retrying)
    .uint(24, sum(group.consumers))
    .uint(25, state.inFlight)
    .string(26, settings.strategy)
    .uint(27, BigInt(settings.subscribersMax))
    .uint(28, parked.count);
};

const sum = (consumers: Iterable<Consumer>): number => {
  let held = 0;
  for (const consumer of consumers) held += consumer.held;
  return held;
};

// To the real server an interval of 0 is the longest there is, which does not fit the number it is told in.
const shownInterval = (checkpointAfterMs: number): number => (checkpointAfterMs === 0 ? int32Min : checkpointAfterMs);

const statusOf = ({ isLive, isReplaying }: GroupState): string => {
  const names = [
    ...(isLive ? [] : ['Behind']),
    ...(isReplaying ? ['ReplayingParkedMessages'] : []),
    ...(isLive ? ['Live'] : []),
  ];
  return names.join(', ');
};

const connectionInfo = (consumer: Consumer, rates: Measured): Writer => {
  const info = new Writer().string(2, username).uint(3, rates.perSecond).uint(4, rates.total).uint(5, rates.since);
  for (const [key, ms] of consumer.latencies?.measurements ?? []) {
    info.message(6, new Writer().string(1, key).uint(2, ms));
  }
  return info.uint(7, BigInt(consumer.availableSlots)).uint(8, consumer.held).string(9, consumer.connectionName);
};
