import type { Store } from '../services/store';
import type { FilterOptions } from '../protocol/read-request';
import { parseStart, startText } from './places';
import { allStream, isStrategyName, type GroupDefinition, type GroupSettings } from './settings';
import { lastJson, lastRecord, systemJson, systemTypes, writeMetadata, writeSystemEvent } from './system-events';

/**
 * The groups there are, as one event in a stream of their own, in the real server's form: every change writes all of
 * them again, and the stream keeps the last two.
 */
const configStream = '$persistentSubscriptionConfig';
const version = '2';

export const saveConfiguration = async (store: Store, groups: Iterable<GroupDefinition>): Promise<void> => {
  const isFirst = lastRecord(store, configStream) === undefined;
  const entries = [...groups].map(entryOf);
  const data = systemJson({ version, updated: new Date().toISOString(), updatedBy: 'system', entries });
  const metadata = isFirst ? writeMetadata(store, configStream, '{\n  "$maxCount": 2\n}') : undefined;
  await Promise.all([metadata, writeSystemEvent(store, configStream, { type: systemTypes.config, json: true, data })]);
};

export const loadConfiguration = (store: Store): GroupDefinition[] => {
  const config = lastJson(store, configStream);
  const entries: unknown = isObject(config) ? config['entries'] : undefined;
  return Array.isArray(entries) ? entries.filter(isObject).map(definitionOf).filter(isKnown) : [];
};

const isKnown = ({ stream, settings }: GroupDefinition): boolean => stream !== '' && isStrategyName(settings.strategy);

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const entryOf = ({ stream, group, filter, startFrom, startedAt, settings }: GroupDefinition): Json => ({
  stream,
  group,
  filter: filter && filterEntry(filter),
  resolveLinkTos: settings.resolveLinks,
  extraStatistics: settings.extraStatistics,
  messageTimeout: settings.messageTimeoutMs,
  startPosition: startText(stream, startFrom),
  // Not known to the real server, which forgets over a restart where the end was.
  startedAt: startedAt === undefined ? undefined : String(startedAt),
  liveBufferSize: settings.liveBufferSize,
  historyBufferSize: settings.historyBufferSize,
  maxRetryCount: settings.maxRetryCount,
  readBatchSize: settings.readBatchSize,
  checkPointAfter: settings.checkpointAfterMs,
  minCheckPointCount: settings.checkpointCountMin,
  maxCheckPointCount: settings.checkpointCountMax,
  maxSubscriberCount: settings.subscribersMax,
  namedConsumerStrategy: settings.strategy,
});

const definitionOf = (entry: Json): GroupDefinition => {
  const stream = text(entry, 'stream');
  const startedAt = text(entry, 'startedAt');
  return {
    stream,
    group: text(entry, 'group'),
    startFrom: parseStart(stream, text(entry, 'startPosition')),
    startedAt: startedAt === '' ? undefined : Number(startedAt),
    filter: stream === allStream ? filterOf(entry['filter']) : undefined,
    settings: settingsOf(entry),
  };
};

const settingsOf = (entry: Json): GroupSettings => ({
  resolveLinks: entry['resolveLinkTos'] === true,
  extraStatistics: entry['extraStatistics'] === true,
  messageTimeoutMs: number(entry, 'messageTimeout'),
  maxRetryCount: number(entry, 'maxRetryCount'),
  checkpointAfterMs: number(entry, 'checkPointAfter'),
  checkpointCountMin: number(entry, 'minCheckPointCount'),
  checkpointCountMax: number(entry, 'maxCheckPointCount'),
  subscribersMax: number(entry, 'maxSubscriberCount'),
  liveBufferSize: number(entry, 'liveBufferSize'),
  readBatchSize: number(entry, 'readBatchSize'),
  historyBufferSize: number(entry, 'historyBufferSize'),
  strategy: text(entry, 'namedConsumerStrategy'),
});

// The real server joins prefixes by commas; they are kept apart as well, since a prefix may hold one.
const filterEntry = ({ on, regex, prefixes }: FilterOptions): Json => ({
  context: on === 'stream' ? 'streamid' : 'eventtype',
  type: regex ? 'regex' : 'prefix',
  data: regex ? regex : prefixes.join(','),
  prefixes: regex ? undefined : prefixes,
  isAllStream: true,
});

const filterOf = (entry: unknown): FilterOptions | undefined => {
  if (!isObject(entry)) return undefined;
  const on = entry['context'] === 'streamid' ? 'stream' : 'type';
  const data = text(entry, 'data');
  if (entry['type'] === 'regex') return { on, regex: data, prefixes: [], window: undefined, checkpointMultiplier: 1 };
  const list: unknown = entry['prefixes'];
  const prefixes = Array.isArray(list) ? list.map(String) : data.split(',').filter((prefix) => prefix !== '');
  return { on, regex: undefined, prefixes, window: undefined, checkpointMultiplier: 1 };
};

const text = (entry: Json, key: string): string => {
  const value = entry[key];
  return typeof value === 'string' ? value : '';
};

const number = (entry: Json, key: string): number => {
  const value = entry[key];
  return typeof value === 'number' ? value : 0;
};
